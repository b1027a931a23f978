// Forms: what a value of a document looks like (Spec 1 and 9.1). A form takes a value and its place, and throws.
import { Fault, PROTOCOL, compareText, why } from "./bytes.mjs";

export class Unusable extends Fault {}
export const refuse = (at, reason) => { throw new Unusable(at ? why`${at}: ${reason}` : reason); };
const demand = (holds, at, reason) => holds || refuse(at, reason);

const ranges = (text) => text.split(" ").map((r) => r.split("-").map((x) => parseInt(x, 16)));
const within = (list, c) => list.some(([from, to = from]) => c >= from && c <= to);
const SPACES = ranges("20 A0 1680 2000-200A 202F 205F 3000");
const HIDDEN = ranges("0-1F 7F-9F AD 34F 600-605 61C 6DD 70F 890-891 8E2 115F-1160 17B4-17B5 180B-180F 200B-200F "
  + "2028-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFFB FFFE-FFFF 110BD 110CD 13430-1343F 1BCA0-1BCA3 "
  + "1D173-1D17A E0000-E0FFF FFFFE-10FFFF");
const LETTERS = ranges("30-39 61-7A DF-F6 F8-FF 3007 3400-4DBF 4E00-9FFF AC00-D7A3 20000-2A6DF 2A700-2EE5F 30000-323AF");
const MARKS = ranges("20-2F 3A-40 5B-60 7B-7E B7 2013-2014 2018-2019 201C-201D 2022 2027 3000-3003 3008-3011 "
  + "3014-3017 30FB");
const points = (text) => Array.from(text, (c) => c.codePointAt(0));

export const isHidden = (c) => within(HIDDEN, c);
export function isText(value) {
  if (typeof value !== "string") return false;
  const all = points(value);
  return all.length >= 1 && all.length <= 200 && !all.every((c) => within(SPACES, c)) && !all.some(isHidden);
}
/** The key of a name (1.10), or null where the text is no name. */
export function nameKey(value) {
  if (!isText(value)) return null;
  let key = "", marks = false, digit = false, letter = false;
  for (let c of points(value)) {
    if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
    if ((c >= 0x41 && c <= 0x5a) || (c >= 0xc0 && c <= 0xde && c !== 0xd7)) c += 0x20;
    if (within(LETTERS, c)) {
      const isDigit = c >= 0x30 && c <= 0x39;
      if (marks && digit && isDigit) key += ".";
      key += String.fromCodePoint(c);
      marks = false; digit = isDigit; letter = true;
    } else if (within(MARKS, c)) marks = true;
    else return null;
  }
  return letter ? key : null;
}

export const isCode = (v) => typeof v === "string" && /^[0-9A-Za-z][0-9A-Za-z\-_.]{0,63}$/.test(v);
export function isDivision(v) {
  if (typeof v !== "string" || !/^[0-9]{6}((?!000)[0-9]{3}){0,2}$/.test(v)) return false;
  if (v === "100000") return true;
  if (!/^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])/.test(v)) return false;
  return v.slice(2, 4) !== "00" || v.slice(4) === "00";
}
const CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY";
function isCreditCode(v) {
  const values = Array.from(v, (c) => CREDIT.indexOf(c));
  if (values.includes(-1) || !isDivision(v.slice(2, 8))) return false;
  let sum = 0, weight = 1;
  for (let i = 0; i < 17; i++) { sum += values[i] * weight; weight = (weight * 3) % 31; }
  if (values[17] !== (31 - (sum % 31)) % 31) return false;
  const plain = (c) => parseInt(c, 36);
  const c = 11 - [3, 7, 9, 10, 5, 8, 4, 2].reduce((s, w, i) => s + w * plain(v[8 + i]), 0) % 11;
  return v[16] === (c === 10 ? "X" : c === 11 ? "0" : String(c));
}
function isRegistration(v) {
  let p = 10;
  for (const digit of v.slice(0, 14)) p = (2 * ((p + Number(digit)) % 10 || 10)) % 11;
  return Number(v[14]) === (11 - p) % 10;
}
/** Of the form that ids of units have where the policy says nothing else (1.6). */
function isNational(v) {
  if (/^[0-9A-Z]{18}$/.test(v)) return isCreditCode(v);
  if (/^[0-9]{15}$/.test(v)) return isRegistration(v);
  return v.includes("-") && !v.endsWith("-");
}

// --- days ---
/** Days since 1970-01-01 of a date, or null where it is no date (1.8). */
export function dayOf(v) {
  if (!DAYS.has(v)) DAYS.set(v, dayMade(v));
  return DAYS.get(v);
}
// A ledger names few days many times.
const DAYS = new Map();
function dayMade(v) {
  const m = typeof v === "string" && /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(v);
  if (!m || m[1] === "0000") return null;
  const time = Date.parse(v + "T00:00:00Z");
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== v ? null : time / 86400000;
}
/** Seconds since 1970 of an instant, or null. */
export function secondOf(v) {
  const m = typeof v === "string" && /^(.{10})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])Z$/.exec(v);
  const day = m ? dayOf(m[1]) : null;
  return day === null ? null : day * 86400 + Number(m[2]) * 3600 + Number(m[3]) * 60 + Number(m[4]);
}
export const dayOfInstant = (v) => dayOf(v.slice(0, 10));

// --- decimals: billionths as BigInt ---
export function billionths(text) {
  const [whole, part = ""] = text.split(".");
  return BigInt(whole) * 1000000000n + BigInt(part.padEnd(9, "0"));
}
const NINE_MILLION = 9000000n * 1000000000n;

// --- forms ---
const check = (test, reason) => (v, at) => demand(test(v), at, reason);
export const code = check(isCode, why`is no code (1.6)`);
export const unitId = check(isCode, why`is no id of a unit (1.6)`);
export const idFault = ({ frame }, ids) => ids.reduce((fault, id) => fault
  ?? (frame.ids || isNational(id) ? null : why`${id} is no id of a unit (1.6)`), null);
export const division = check(isCode, why`is no division (1.6)`);
export const date = check((v) => dayOf(v) !== null, why`is no date (1.8)`);
export const instant = check((v) => secondOf(v) !== null, why`is no instant (1.8)`);
export const textForm = check(isText, why`is no text (1.9)`);
export const anyText = check((v) => typeof v === "string", why`is no text`);
export const bool = check((v) => typeof v === "boolean", why`is neither true nor false`);
export const isHex = (v, n = 64) => typeof v === "string" && v.length === n && /^[0-9a-f]*$/.test(v);
export const hex = check((v) => isHex(v), why`is not 64 hexadecimal digits`);
export const half = check((v) => isHex(v, 32), why`is not 32 hexadecimal digits`);
export const int = (min = 0, max = Number.MAX_SAFE_INTEGER) =>
  check((v) => Number.isSafeInteger(v) && v >= min && v <= max, why`is no integer from ${min} to ${max}`);
export const oneOf = (...words) => check((v) => words.includes(v), why`is none of ${words}`);
/** A decimal (1.2) from `min` to `max` billionths. */
export const decimal = (max = NINE_MILLION, min = 0n) => check((v) => {
  if (typeof v !== "string" || !/^(0|[1-9][0-9]{0,8})(\.[0-9]{0,8}[1-9])?$/.test(v)) return false;
  const value = billionths(v);
  return value >= min && value <= max && value <= NINE_MILLION;
}, why`is no decimal in its range (1.2)`);
/** A list; `order` says by what its entries ascend, `distinct` by what they differ. */
export const list = (form, { min = 0, max = Infinity, order, distinct } = {}) => (v, at) => {
  demand(Array.isArray(v), at, why`is no list`);
  demand(v.length >= min && v.length <= max, at, why`has ${v.length} entries`);
  v.forEach((entry, i) => form(entry, `${at}/${i}`));
  if (order) for (let i = 1; i < v.length; i++) demand(order(v[i - 1], v[i]) < 0, `${at}/${i}`, why`does not ascend`);
  if (distinct) demand(new Set(v.map(distinct)).size === v.length, at, why`has an entry twice`);
};
export const ascending = (form, more = {}) => list(form, { order: compareText, ...more });
export const by = (...names) => (a, b) => {
  for (const name of names) {
    const c = typeof a[name] === "number" ? a[name] - b[name] : compareText(a[name], b[name]);
    if (c) return c;
  }
  return 0;
};
export const self = (x) => x;
const hasFields = (v) => (Array.isArray(v) ? v.length > 0 : typeof v !== "object" || Object.keys(v).length > 0);
/** An object of these fields. A field that ends with `?` may be absent; empty, it must be (2.4). */
export const obj = (fields) => (v, at) => {
  demand(v !== null && typeof v === "object" && !Array.isArray(v), at, why`is no object`);
  for (const key of Object.keys(v)) {
    demand(Object.hasOwn(fields, key) || Object.hasOwn(fields, key + "?"), `${at}/${key}`, why`is unknown`);
  }
  for (const [name, form] of Object.entries(fields)) {
    const key = name.replace("?", "");
    if (Object.hasOwn(v, key)) {
      form(v[key], `${at}/${key}`);
      demand(!name.endsWith("?") || hasFields(v[key]), `${at}/${key}`, why`is empty: it is left out (2.4)`);
    } else demand(name.endsWith("?"), `${at}/${key}`, why`is missing`);
  }
};
export const mapOf = (keyForm, form, max = Infinity) => (v, at) => {
  demand(v !== null && typeof v === "object" && !Array.isArray(v), at, why`is no object`);
  demand(Object.keys(v).length <= max, at, why`has too many entries`);
  for (const [key, value] of Object.entries(v)) { keyForm(key, `${at}/${key}`); form(value, `${at}/${key}`); }
};
/** An object of exactly one of these fields. */
export const oneField = (forms) => (v, at) => {
  demand(v !== null && typeof v === "object" && Object.keys(v).length === 1, at, why`is not of exactly one kind`);
  const [key] = Object.keys(v);
  demand(Object.hasOwn(forms, key), `${at}/${key}`, why`is unknown`);
  forms[key](v[key], `${at}/${key}`);
};
/** An object whose field `by` says which form it has. */
export const tagged = (tag, forms) => (v, at) => {
  demand(v !== null && typeof v === "object" && Object.hasOwn(forms, v[tag]), `${at}/${tag}`, why`is unknown`);
  obj({ [tag]: oneOf(v[tag]), ...forms[v[tag]] })(v, at);
};
export const doc = (name, fields) => obj({ document: oneOf(name), protocol: oneOf(PROTOCOL), ...fields });
export function has(form, value) {
  try { form(value, ""); return true; } catch (e) { if (e instanceof Unusable) return false; throw e; }
}
