//! Canonical JSON: an encoder of this crate, and a decoder that refuses any other spelling (Spec 2).
//!
//! `serde_json` only parses. Another crate of a build can switch on features of `serde_json` that change the
//! order of keys, but no feature can change this file. So everything that is hashed is written here.
//! Documents are read from bytes, texts included, so that the reader of a type is compiled once.

use super::written::{JsonError, parsed};
use crate::message::said;
use serde::de::DeserializeOwned;
use serde::ser::{self, Serialize};

/// The largest integer that every JSON reader keeps exactly: 2⁵³ − 1 (Spec 2.2).
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// The canonical bytes of a value (Spec 2).
///
/// # Errors
/// The value holds a float, a null, an integer beyond 2⁵³ − 1, or a map whose keys are not text.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, JsonError> {
    let mut out = Out::default();
    value.serialize(Encoder { out: &mut out })?;
    Ok(out.bytes)
}

/// A buffer for many values, each written over the one before. It is allocated once for all of them.
#[derive(Default)]
pub(crate) struct Buffer(Out<'static>);

impl Buffer {
    /// The canonical bytes of a value, or the error of [`encode`].
    pub(crate) fn encode<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<&[u8], JsonError> {
        self.0.bytes.clear();
        // These are left over if the value before could not be written.
        self.0.members.clear();
        self.0.maps = 0;
        value.serialize(Encoder { out: &mut self.0 })?;
        Ok(&self.0.bytes)
    }
}

/// Reads a document, and refuses bytes that are not the canonical ones (Spec 2.5).
///
/// # Errors
/// The bytes have another form than `T`, an unknown or repeated field, or another spelling than [`encode`]'s.
pub fn decode<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, JsonError> {
    let value: T = parsed(bytes).map_err(|message| JsonError::Schema { message })?;
    if reads_as(bytes, &value) {
        return Ok(value);
    }
    let again = encode(&value)?;
    if again == bytes {
        return Ok(value);
    }
    let at = again.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(again.len().min(bytes.len()));
    Err(JsonError::NotCanonical { at })
}

/// Whether these are the canonical bytes of a value, without a second copy of a long document. `false` means
/// undecided: the caller must encode the whole value and compare.
fn reads_as<T: Serialize>(bytes: &[u8], value: &T) -> bool {
    let mut out = Out { expected: Some(bytes), ..Out::default() };
    value.serialize(Encoder { out: &mut out }).is_ok() && out.expected.is_some_and(|rest| rest == out.bytes)
}

/// The bytes written so far.
#[derive(Default)]
struct Out<'a> {
    bytes: Vec<u8>,
    /// The members of the open objects, those of an inner object after those of the object around it. One
    /// list serves all of them, so that an object costs no allocation.
    members: Vec<Member>,
    /// When a document is compared, the rest of it that `bytes` must agree with.
    expected: Option<&'a [u8]>,
    /// Number of bytes that were compared and dropped.
    dropped: usize,
    /// Number of open maps. Their keys stand in `bytes` and nowhere else.
    maps: usize,
}

/// The place of a member, counted from the first byte written.
#[derive(Clone, Copy)]
struct Member {
    begin: usize,
    /// The colon behind the key.
    colon: usize,
    end: usize,
}

/// Compared bytes are dropped as soon as they are so many.
const PIECE: usize = 1 << 16;

impl Out<'_> {
    fn len(&self) -> usize {
        self.dropped + self.bytes.len()
    }

    /// The bytes from one place to another, which were not dropped.
    fn at(&self, from: usize, to: usize) -> &[u8] {
        &self.bytes[from - self.dropped..to - self.dropped]
    }

    /// The key of a member. Keys need no escaping, so it is the text between the quotes.
    fn key(&self, member: Member) -> &[u8] {
        self.at(member.begin + 1, member.colon - 1)
    }

    /// If a document is compared, compares what was written and drops it as soon as it is not needed any
    /// more.
    ///
    /// # Errors
    /// It differs from the document.
    fn compare(&mut self) -> Result<(), JsonError> {
        if let Some(expected) = self.expected
            && self.bytes.len() >= PIECE
            && self.maps == 0
        {
            let at = self.dropped;
            let rest = expected.strip_prefix(&self.bytes[..]).ok_or(JsonError::NotCanonical { at })?;
            self.expected = Some(rest);
            self.dropped += self.bytes.len();
            self.bytes.clear();
        }
        Ok(())
    }
}

/// Writes one value to the end of `out`.
struct Encoder<'a, 'b> {
    out: &'a mut Out<'b>,
}

/// Whether a byte of a string is not written as it is.
const fn escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// How many bytes of a string can be written as they are.
fn run(text: &[u8]) -> usize {
    let (words, _) = text.as_chunks::<8>();
    // Eight bytes at a time, without a branch for each.
    let clean =
        words.iter().take_while(|word| !word.iter().fold(false, |any, byte| any | escaped(*byte))).count()
            * 8;
    clean + text[clean..].iter().take_while(|byte| !escaped(**byte)).count()
}

impl Encoder<'_, '_> {
    fn text(self, text: &str) {
        let out = &mut self.out.bytes;
        out.push(b'"');
        let mut rest = text.as_bytes();
        loop {
            let (plain, other) = rest.split_at(run(rest));
            out.extend_from_slice(plain);
            let Some((&byte, after)) = other.split_first() else { break };
            match byte {
                b'"' | b'\\' => out.extend([b'\\', byte]),
                0x08 => out.extend(b"\\b"),
                0x09 => out.extend(b"\\t"),
                0x0a => out.extend(b"\\n"),
                0x0c => out.extend(b"\\f"),
                0x0d => out.extend(b"\\r"),
                _ => out.extend(format!("\\u{byte:04x}").as_bytes()),
            }
            rest = after;
        }
        out.push(b'"');
    }

    fn integer(self, negative: bool, magnitude: u64) -> Result<(), JsonError> {
        let sign = if negative && magnitude > 0 { "-" } else { "" };
        if magnitude > MAX_INTEGER {
            return Err(JsonError::IntegerRange { value: format!("{sign}{magnitude}") });
        }
        // 2⁵³ has 16 digits.
        let mut digits = [b'0'; 16];
        let (mut left, mut first) = (magnitude, 15);
        for (place, digit) in digits.iter_mut().enumerate().rev() {
            if left == 0 {
                break;
            }
            *digit += u8::try_from(left % 10).expect("a digit");
            (left, first) = (left / 10, place);
        }
        self.out.bytes.extend_from_slice(sign.as_bytes());
        self.out.bytes.extend_from_slice(&digits[first..]);
        Ok(())
    }
}

fn unsupported<T>(what: &'static str) -> Result<T, JsonError> {
    Err(JsonError::Unsupported { what })
}

/// `[a,b,…]`, written as it comes.
struct Sequence<'a, 'b> {
    out: &'a mut Out<'b>,
    first: bool,
}

impl Sequence<'_, '_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        if !std::mem::take(&mut self.first) {
            self.out.bytes.push(b',');
        }
        value.serialize(Encoder { out: self.out })?;
        self.out.compare()
    }

    fn close(self) {
        self.out.bytes.push(b']');
    }
}

/// `{"k":v,…}`. Members are written as they come, and put into the order of their keys at the end if they
/// were not in order.
struct Object<'a, 'b> {
    out: &'a mut Out<'b>,
    /// Where this object's first member begins.
    start: usize,
    /// Where its members begin in `out.members`.
    members: usize,
    /// The member that is being written.
    open: Option<Member>,
    /// The last member's key, if it is the name of a field.
    field: Option<&'static str>,
    /// Whether every key came after the one before it.
    ascending: bool,
    /// Whether the keys are values of their own, not names of fields.
    map: bool,
    /// `{"Variant": …}` around it needs one more brace.
    wrapped: bool,
}

impl Object<'_, '_> {
    /// Begins a member, with a comma if it is not the first one. Returns its place.
    fn begin(&mut self) -> usize {
        if self.out.members.len() > self.members {
            self.out.bytes.push(b',');
        }
        self.out.len()
    }

    /// A member of a struct.
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), JsonError> {
        let member = self.name(key)?;
        value.serialize(Encoder { out: self.out })?;
        self.end(member);
        Ok(())
    }

    /// The name of a struct's field, with the colon.
    fn name(&mut self, key: &'static str) -> Result<Member, JsonError> {
        if !key.is_ascii() {
            return unsupported("keys outside ASCII");
        }
        let begin = self.begin();
        Encoder { out: self.out }.text(key);
        self.ascending &= self.field.is_none_or(|last| last < key);
        self.field = Some(key);
        Ok(self.colon(begin))
    }

    /// The key of a map's member.
    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        let begin = self.begin();
        key.serialize(Encoder { out: self.out })?;
        let colon = self.out.len();
        match self.out.at(begin, colon) {
            // Keys are codes, which need no escaping. The key is the text between the quotes.
            [b'"', key @ .., b'"'] if !key.contains(&b'\\') => {
                if !key.is_ascii() {
                    return unsupported("keys outside ASCII");
                }
                let last = self.out.members[self.members..].last();
                self.ascending &= last.is_none_or(|last| self.out.key(*last) < key);
                self.open = Some(self.colon(begin));
                Ok(())
            }
            _ => unsupported("keys that are not plain text"),
        }
    }

    /// The colon behind a key that was just written.
    fn colon(&mut self, begin: usize) -> Member {
        let colon = self.out.len();
        self.out.bytes.push(b':');
        Member { begin, colon, end: colon }
    }

    /// Ends a member after its value.
    fn end(&mut self, member: Member) {
        let end = self.out.len();
        self.out.members.push(Member { end, ..member });
    }

    fn close(mut self) -> Result<(), JsonError> {
        if !self.ascending {
            self.sort()?;
        }
        self.out.members.truncate(self.members);
        self.out.maps -= usize::from(self.map);
        self.out.bytes.push(b'}');
        if self.wrapped {
            self.out.bytes.push(b'}');
        }
        Ok(())
    }

    /// Puts the members into the order of their keys.
    fn sort(&mut self) -> Result<(), JsonError> {
        if self.start < self.out.dropped {
            // The beginning of a compared document was dropped. `decode` then writes it as a whole.
            return Err(JsonError::NotCanonical { at: self.start });
        }
        let mut members = self.out.members.split_off(self.members);
        members.sort_by_key(|member| self.out.key(*member));
        if let Some(pair) = members.windows(2).find(|pair| self.out.key(pair[0]) == self.out.key(pair[1])) {
            let key = String::from_utf8_lossy(self.out.key(pair[0]));
            return Err(JsonError::Schema { message: said!("form.twice", "field `{key}` given twice", key) });
        }
        let mut sorted = Vec::with_capacity(self.out.len() - self.start);
        for (i, member) in members.iter().enumerate() {
            if i > 0 {
                sorted.push(b',');
            }
            sorted.extend_from_slice(self.out.at(member.begin, member.end));
        }
        self.out.bytes.truncate(self.start - self.out.dropped);
        self.out.bytes.append(&mut sorted);
        Ok(())
    }
}

impl<'a, 'b> Encoder<'a, 'b> {
    fn sequence(self) -> Sequence<'a, 'b> {
        self.out.bytes.push(b'[');
        Sequence { out: self.out, first: true }
    }

    fn object(self, map: bool, wrapped: bool) -> Object<'a, 'b> {
        self.out.bytes.push(b'{');
        self.out.maps += usize::from(map);
        let (start, members) = (self.out.len(), self.out.members.len());
        Object { out: self.out, start, members, open: None, field: None, ascending: true, map, wrapped }
    }
}

impl<'a, 'b> ser::Serializer for Encoder<'a, 'b> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Sequence<'a, 'b>;
    type SerializeTuple = Sequence<'a, 'b>;
    type SerializeTupleStruct = ser::Impossible<(), JsonError>;
    type SerializeTupleVariant = ser::Impossible<(), JsonError>;
    type SerializeMap = Object<'a, 'b>;
    type SerializeStruct = Object<'a, 'b>;
    type SerializeStructVariant = Object<'a, 'b>;

    fn serialize_bool(self, v: bool) -> Result<(), JsonError> {
        self.out.bytes.extend_from_slice(if v { b"true".as_slice() } else { b"false" });
        Ok(())
    }
    fn serialize_i8(self, v: i8) -> Result<(), JsonError> {
        self.serialize_i64(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<(), JsonError> {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<(), JsonError> {
        self.serialize_i64(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<(), JsonError> {
        self.integer(v < 0, v.unsigned_abs())
    }
    fn serialize_u8(self, v: u8) -> Result<(), JsonError> {
        self.integer(false, v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<(), JsonError> {
        self.integer(false, v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<(), JsonError> {
        self.integer(false, v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<(), JsonError> {
        self.integer(false, v)
    }
    fn serialize_f32(self, _: f32) -> Result<(), JsonError> {
        unsupported("floating-point numbers")
    }
    fn serialize_f64(self, _: f64) -> Result<(), JsonError> {
        unsupported("floating-point numbers")
    }
    fn serialize_char(self, v: char) -> Result<(), JsonError> {
        self.text(v.encode_utf8(&mut [0; 4]));
        Ok(())
    }
    fn serialize_str(self, v: &str) -> Result<(), JsonError> {
        self.text(v);
        Ok(())
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), JsonError> {
        unsupported("byte strings")
    }
    fn serialize_none(self) -> Result<(), JsonError> {
        unsupported("null")
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), JsonError> {
        unsupported("null")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), JsonError> {
        unsupported("null")
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), JsonError> {
        self.text(variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        let mut object = self.object(false, false);
        object.field(variant, value)?;
        object.close()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Sequence<'a, 'b>, JsonError> {
        Ok(self.sequence())
    }
    fn collect_seq<I: IntoIterator<Item: Serialize>>(self, elements: I) -> Result<(), JsonError> {
        let mut sequence = self.sequence();
        for element in elements {
            sequence.element(&element)?;
        }
        sequence.close();
        Ok(())
    }
    fn serialize_tuple(self, _: usize) -> Result<Sequence<'a, 'b>, JsonError> {
        Ok(self.sequence())
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, JsonError> {
        unsupported("tuple structs")
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, JsonError> {
        unsupported("tuple variants")
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Object<'a, 'b>, JsonError> {
        Ok(self.object(true, false))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'a, 'b>, JsonError> {
        Ok(self.object(false, false))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object<'a, 'b>, JsonError> {
        self.out.bytes.push(b'{');
        Encoder { out: self.out }.text(variant);
        self.out.bytes.push(b':');
        Ok(Encoder { out: self.out }.object(false, true))
    }
}

impl ser::SerializeSeq for Sequence<'_, '_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.element(value)
    }
    fn end(self) -> Result<(), JsonError> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Sequence<'_, '_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.element(value)
    }
    fn end(self) -> Result<(), JsonError> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        self.key(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        let member = self.open.take().ok_or(JsonError::Unsupported { what: "values without a key" })?;
        value.serialize(Encoder { out: self.out })?;
        self.end(member);
        Ok(())
    }
    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}

impl ser::SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.field(key, value)
    }
    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Object<'_, '_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.field(key, value)
    }
    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
    #[serde(deny_unknown_fields)]
    struct Doc {
        b: u64,
        a: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        c: Option<bool>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        d: BTreeMap<String, i64>,
    }

    fn doc(b: u64) -> Doc {
        Doc { b, a: "泉\u{1}\"\\\n/".into(), c: None, d: [("y".into(), -1), ("x".into(), 0)].into() }
    }

    #[test]
    fn keys_are_sorted_and_strings_have_one_spelling() {
        let bytes = encode(&doc(7)).unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            r#"{"a":"泉\u0001\"\\\n/","b":7,"d":{"x":0,"y":-1}}"#
        );
        assert_eq!(decode::<Doc>(&bytes), Ok(doc(7)));
    }

    #[test]
    fn what_other_readers_would_bend_is_refused() {
        assert_eq!(
            encode(&doc(9_007_199_254_740_993)),
            Err(JsonError::IntegerRange { value: "9007199254740993".into() })
        );
        assert_eq!(encode(&0.1), Err(JsonError::Unsupported { what: "floating-point numbers" }));
        assert_eq!(encode(&None::<u8>), Err(JsonError::Unsupported { what: "null" }));
        assert_eq!(encode(&-0i64).unwrap(), b"0");
    }

    #[test]
    fn the_decoder_takes_no_second_spelling() {
        let refused = [
            r#"{"b":7,"a":"x"}"#,
            r#"{"a":"x","b":7} "#,
            r#"{"a":"x", "b":7}"#,
            r#"{"a":"x","b":7,"b":7}"#,
            r#"{"a":"x","b":7,"c":null}"#,
            r#"{"a":"x","b":7,"d":{}}"#,
            r#"{"a":"x","b":7,"d":{"k":1,"k":1}}"#,
            r#"{"a":"\u0078","b":7}"#,
            r#"{"a":"\/","b":7}"#,
            r#"{"a":"x","b":7.0}"#,
            r#"{"a":"x","b":-0}"#,
            r#"{"a":"x","b":7,"e":1}"#,
            "\u{feff}{\"a\":\"x\",\"b\":7}",
        ];
        for text in refused {
            assert!(decode::<Doc>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(decode::<Doc>(br#"{"a":"x","b":7}"#).is_ok());
    }

    /// A document of many pieces, around and inside a struct whose fields do not stand in order, and around
    /// and inside maps.
    #[test]
    fn a_long_document_is_compared_whole() {
        #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
        struct Outer {
            list: Vec<Doc>,
            after: BTreeMap<String, Vec<Doc>>,
        }
        let many = |n: u64| (0..n).map(doc).collect::<Vec<_>>();
        let outer = |n| Outer { list: many(n), after: [("a".into(), many(n)), ("b".into(), many(3))].into() };
        assert!(encode(&many(3_000)).unwrap().len() > 2 * PIECE);
        for (bytes, holds) in [
            (encode(&many(3_000)).unwrap(), true),
            (encode(&outer(3_000)).unwrap(), false),
            (encode(&outer(30)).unwrap(), true),
            (encode(&BTreeMap::from([("a", many(3_000)), ("b", many(3_000))])).unwrap(), true),
        ] {
            fn same<T: Serialize + DeserializeOwned>(bytes: &[u8], holds: bool) {
                let value: T = decode(bytes).unwrap();
                assert_eq!(reads_as(bytes, &value), holds);
                assert_eq!(encode(&value).unwrap(), bytes);
                // One more space, anywhere between two values.
                for at in (1..bytes.len()).step_by(9_973).filter_map(|from| {
                    Some(from + bytes[from..].windows(2).position(|pair| pair == b",\"")? + 1)
                }) {
                    let spaced = [&bytes[..at], b" ", &bytes[at..]].concat();
                    assert_eq!(decode::<T>(&spaced).err(), Some(JsonError::NotCanonical { at }));
                }
                let longer = [bytes, b"\n"].concat();
                assert_eq!(decode::<T>(&longer).err(), Some(JsonError::NotCanonical { at: bytes.len() }));
            }
            match bytes.as_slice() {
                [b'[', ..] => same::<Vec<Doc>>(&bytes, holds),
                [_, _, b'a', b'"', ..] => same::<BTreeMap<String, Vec<Doc>>>(&bytes, holds),
                _ => same::<Outer>(&bytes, holds),
            }
        }
    }

    #[test]
    fn one_buffer_writes_what_many_do() {
        let mut buffer = Buffer::default();
        for b in [0, 9, 10, 123_456_789, MAX_INTEGER, MAX_INTEGER + 1, 7] {
            let written = buffer.encode(&doc(b)).map(<[u8]>::to_vec);
            assert_eq!(written, encode(&doc(b)));
            if b <= MAX_INTEGER {
                assert!(String::from_utf8(written.unwrap()).unwrap().contains(&format!("\"b\":{b},")));
            }
        }
        assert_eq!(encode(&[i64::from(i32::MIN), -1, 0, 10]).unwrap(), b"[-2147483648,-1,0,10]");
    }

    #[test]
    fn every_character_keeps_its_spelling_at_every_place() {
        for place in 0..20 {
            for byte in 0..=0x7f_u8 {
                let text = format!("{}{}泉", "x".repeat(place), char::from(byte));
                let bytes = encode(&text).unwrap();
                assert_eq!(serde_json::to_vec(&text).unwrap(), bytes);
                assert_eq!(decode::<String>(&bytes), Ok(text));
            }
        }
    }

    /// A key twice, keys that are not plain: the errors that a key or a field has always had.
    #[test]
    fn keys_are_refused_as_they_were() {
        struct Twice;
        impl Serialize for Twice {
            fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map([("b", 1), ("a", 2), ("b", 3)])
            }
        }
        assert_eq!(encode(&Twice).unwrap_err().to_string(), "field `b` given twice");
        let unsupported = |what| Err(JsonError::Unsupported { what });
        assert_eq!(encode(&BTreeMap::from([("é", 1)])), unsupported("keys outside ASCII"));
        assert_eq!(encode(&BTreeMap::from([("\n", 1)])), unsupported("keys that are not plain text"));
        assert_eq!(encode(&BTreeMap::from([(1, 1)])), unsupported("keys that are not plain text"));
    }

    /// RFC 8785's own test data (`cyberphone/json-canonicalization`): what lies inside our profile keeps its
    /// bytes, what lies outside (fractions, null, keys beyond printable ASCII) is refused instead of being
    /// bent.
    #[test]
    fn rfc_8785_data_keep_their_bytes_or_are_refused() {
        let unicode = "{\"Unnormalized Unicode\":\"A\u{30a}\"}";
        assert!(decode::<BTreeMap<String, String>>(unicode.as_bytes()).is_ok());
        let digest = <sha2::Sha256 as sha2::Digest>::digest(unicode);
        assert_eq!((digest[0], digest[31]), (0x0d, 0xd3), "the published digest is 0d99aad9…81d3");
        let refused = [
            r#"[56,{"1":[],"10":null,"d":true}]"#,
            r#"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"#,
            r#"{"peach":"This sorting order","péché":"is wrong according to French"}"#,
        ];
        for text in refused {
            assert!(decode::<BTreeMap<String, serde_json::Value>>(text.as_bytes()).is_err(), "{text}");
        }
    }
}
