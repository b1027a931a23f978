// What the page holds: the files, what the reader gives, and what the verifier said of them.
import { WORDS } from "./words.mjs";

/** `given.values` are files of values that the reader looked up. `brought` maps folders of draws to the seal and the values that the reader obtained elsewhere, and to the names of `others` that he gave with them. `files` maps paths to bytes; `base` is the folder of the ledger that is shown, `current` that of the draw; `report` is null while the verifier works. */
export const state = { files: new Map(), given: { kept: "", keys: "", values: [], today: false }, brought: new Map(), current: null, base: null, report: null,
  language: (navigator.language || "").startsWith("zh") ? "zh" : "en" };
/** A word of the page in the language that is shown. */
export const w = (key) => WORDS[state.language][key];
/** The words of a module that has its own, in the language that is shown. */
export const own = (words) => words[state.language];
