//! Canonical JSON: our own encoder, and a decoder that refuses what the encoder would not write (Spec 2).
//!
//! `serde_json` only parses. What is hashed is written here: a crate elsewhere in the tree can switch on features of
//! `serde_json` that change the order of keys, and no feature can change this file.

use serde::de::DeserializeOwned;
use serde::ser::{self, Serialize};
use std::fmt;

/// The largest integer that every JSON reader keeps exactly: 2⁵³ − 1 (Spec 2.2).
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why bytes are not a canonical document, or a value cannot be written as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// A value that canonical JSON does not have: a float, a null, a key that is not text.
    #[error("canonical JSON has no {what}")]
    Unsupported {
        /// What it was.
        what: &'static str,
    },
    /// An integer beyond ±(2⁵³ − 1); such numbers travel as decimal text.
    #[error("{value} is beyond 2^53 - 1 and would not survive every JSON reader")]
    IntegerRange {
        /// The integer in decimal.
        value: String,
    },
    /// The document does not have the form of its schema. The message names the line and column.
    #[error("{message}")]
    Schema {
        /// What the parser says, with line and column.
        message: String,
    },
    /// The document is well-formed, but its bytes are not the canonical ones (spacing, key order, escapes, a field given twice …).
    #[error("the bytes are not canonical JSON: they differ from the canonical form at byte {at}")]
    NotCanonical {
        /// Offset of the first difference, from 0.
        at: usize,
    },
}

impl ser::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Schema { message: message.to_string() }
    }
}

/// The canonical bytes of a value (Spec 2).
///
/// # Errors
/// The value holds a float, a null, an integer beyond 2⁵³ − 1, or a map whose keys are not text.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, JsonError> {
    let mut out = Vec::new();
    value.serialize(Encoder { out: &mut out })?;
    Ok(out)
}

/// Reads a document and insists that its bytes are the canonical ones (Spec 2.5).
///
/// # Errors
/// The bytes have another form than `T`, an unknown or repeated field, or are spelled in any other way than [`encode`] spells them.
pub fn decode<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, JsonError> {
    let value: T = serde_json::from_slice(bytes).map_err(|e| JsonError::Schema { message: e.to_string() })?;
    let again = encode(&value)?;
    if again == bytes {
        return Ok(value);
    }
    let at = again.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(again.len().min(bytes.len()));
    Err(JsonError::NotCanonical { at })
}

/// Writes one value to the end of `out`.
struct Encoder<'a> {
    out: &'a mut Vec<u8>,
}

impl Encoder<'_> {
    fn text(self, text: &str) {
        self.out.push(b'"');
        for &byte in text.as_bytes() {
            match byte {
                b'"' | b'\\' => self.out.extend([b'\\', byte]),
                0x08 => self.out.extend(b"\\b"),
                0x09 => self.out.extend(b"\\t"),
                0x0a => self.out.extend(b"\\n"),
                0x0c => self.out.extend(b"\\f"),
                0x0d => self.out.extend(b"\\r"),
                0..=0x1f => self.out.extend(format!("\\u{byte:04x}").as_bytes()),
                _ => self.out.push(byte),
            }
        }
        self.out.push(b'"');
    }

    fn integer(self, negative: bool, magnitude: u64) -> Result<(), JsonError> {
        let sign = if negative && magnitude > 0 { "-" } else { "" };
        if magnitude > MAX_INTEGER {
            return Err(JsonError::IntegerRange { value: format!("{sign}{magnitude}") });
        }
        self.out.extend(format!("{sign}{magnitude}").as_bytes());
        Ok(())
    }
}

fn unsupported<T>(what: &'static str) -> Result<T, JsonError> {
    Err(JsonError::Unsupported { what })
}

/// `[a,b,…]`, written as it comes.
struct Sequence<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl Sequence<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        value.serialize(Encoder { out: self.out })
    }

    fn close(self) {
        self.out.push(b']');
    }
}

/// `{"k":v,…}`: members are written as they come and put into key order at the end, only where they were out of order.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    /// Where this object's first member begins.
    start: usize,
    /// Key, and where the member stands in `out` (without comma).
    members: Vec<(String, usize, usize)>,
    key: Option<String>,
    /// `{"Variant": …}` around it needs one more brace.
    wrapped: bool,
}

impl Object<'_> {
    fn member<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), JsonError> {
        if !key.is_ascii() {
            return unsupported("keys outside ASCII");
        }
        if !self.members.is_empty() {
            self.out.push(b',');
        }
        let begin = self.out.len();
        Encoder { out: self.out }.text(&key);
        self.out.push(b':');
        value.serialize(Encoder { out: self.out })?;
        self.members.push((key, begin, self.out.len()));
        Ok(())
    }

    fn close(mut self) -> Result<(), JsonError> {
        if !self.members.is_sorted_by(|a, b| a.0 < b.0) {
            self.members.sort();
            if let Some(pair) = self.members.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                return Err(JsonError::Schema { message: format!("field {:?} given twice", pair[0].0) });
            }
            let mut sorted = Vec::with_capacity(self.out.len() - self.start);
            for (i, (_, begin, end)) in self.members.iter().enumerate() {
                if i > 0 {
                    sorted.push(b',');
                }
                sorted.extend(&self.out[*begin..*end]);
            }
            self.out.truncate(self.start);
            self.out.append(&mut sorted);
        }
        self.out.push(b'}');
        if self.wrapped {
            self.out.push(b'}');
        }
        Ok(())
    }
}

impl<'a> Encoder<'a> {
    fn sequence(self) -> Sequence<'a> {
        self.out.push(b'[');
        Sequence { out: self.out, first: true }
    }

    fn object(self, wrapped: bool) -> Object<'a> {
        self.out.push(b'{');
        let start = self.out.len();
        Object { out: self.out, start, members: Vec::new(), key: None, wrapped }
    }
}

impl<'a> ser::Serializer for Encoder<'a> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Sequence<'a>;
    type SerializeTuple = Sequence<'a>;
    type SerializeTupleStruct = ser::Impossible<(), JsonError>;
    type SerializeTupleVariant = ser::Impossible<(), JsonError>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Object<'a>;

    fn serialize_bool(self, v: bool) -> Result<(), JsonError> {
        self.out.extend(if v { b"true".as_slice() } else { b"false" });
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
        let mut object = self.object(false);
        object.member(variant.to_owned(), value)?;
        object.close()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Sequence<'a>, JsonError> {
        Ok(self.sequence())
    }
    fn serialize_tuple(self, _: usize) -> Result<Sequence<'a>, JsonError> {
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
    fn serialize_map(self, _: Option<usize>) -> Result<Object<'a>, JsonError> {
        Ok(self.object(false))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'a>, JsonError> {
        Ok(self.object(false))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object<'a>, JsonError> {
        self.out.extend(b"{");
        Encoder { out: self.out }.text(variant);
        self.out.push(b':');
        Ok(Encoder { out: self.out }.object(true))
    }
}

impl ser::SerializeSeq for Sequence<'_> {
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

impl ser::SerializeTuple for Sequence<'_> {
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

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        let written = encode(key)?;
        match written.first() {
            // Keys are codes, which need no escaping: what stands between the quotes is the key.
            Some(b'"') if !written.contains(&b'\\') => {
                let key = String::from_utf8_lossy(&written[1..written.len() - 1]).into_owned();
                self.key = Some(key);
                Ok(())
            }
            _ => unsupported("keys that are not plain text"),
        }
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        let key = self.key.take().ok_or(JsonError::Unsupported { what: "values without a key" })?;
        self.member(key, value)
    }
    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.member(key.to_owned(), value)
    }
    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Object<'_> {
    type Ok = ();
    type Error = JsonError;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.member(key.to_owned(), value)
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

    /// RFC 8785's own test data (`cyberphone/json-canonicalization`): what lies inside our profile keeps its bytes, what lies outside
    /// (fractions, null, keys beyond printable ASCII) is refused instead of being bent.
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
