//! Documents inside a request: any spelling of JSON goes in, the canonical bytes come out.
//!
//! The bytes are written while the request is read, without a tree in between: a frame of a nation is a large
//! document.

use crate::bytes::encode;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// A document of the library inside a request, not read yet.
///
/// As a JSON value it may have any spacing and any order of keys: it is put into canonical form (Spec 2)
/// before the library's own reader sees it. As a JSON string it is the text of the document, taken byte for
/// byte, as responses give it. A key given twice, a number with a point or an exponent, an integer beyond 2⁵³
/// − 1 and `null` are errors.
#[derive(Clone, PartialEq, Eq)]
pub struct Json(Vec<u8>);

impl Json {
    /// Takes the bytes of a document as they are.
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Documents may hold salt keys and secrets, and logs are read by many: only the length is shown.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.0.len())
    }
}

/// As a string: the form in which responses give documents.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(&self.0))
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut out = Vec::new();
        deserializer.deserialize_any(Writer { out: &mut out, text: true })?;
        Ok(Self(out))
    }
}

/// Lines of a ledger inside a request: the text of the file, taken byte for byte, or a list of lines, each as
/// a [`Json`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines(pub Vec<u8>);

impl Lines {
    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Lines {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(&self.0))
    }
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LinesReader;
        impl<'de> Visitor<'de> for LinesReader {
            type Value = Lines;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the text of a ledger, or a list of its lines")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Lines, E> {
                Ok(Lines(text.as_bytes().to_vec()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Lines, A::Error> {
                let mut lines = Vec::new();
                while let Some(line) = list.next_element::<Json>()? {
                    lines.extend(line.0);
                    lines.push(b'\n');
                }
                Ok(Lines(lines))
            }
        }
        deserializer.deserialize_any(LinesReader)
    }
}

/// Writes what it visits in canonical form to the end of `out`.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Whether a string is the text of a document rather than a string of one.
    text: bool,
}

impl Writer<'_> {
    fn write<T: Serialize + ?Sized, E: Error>(self, value: &T) -> Result<(), E> {
        self.out.extend(encode(value).map_err(E::custom)?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("canonical JSON: no null, no number with a point or beyond 2^53 - 1")
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write(&value)
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.write(&value)
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.write(&value)
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.text {
            self.out.extend(text.as_bytes());
            return Ok(());
        }
        self.write(text)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.out.push(b'[');
        let start = self.out.len();
        loop {
            let end = self.out.len();
            if end > start {
                self.out.push(b',');
            }
            if list.next_element_seed(Writer { out: self.out, text: false })?.is_none() {
                self.out.truncate(end);
                self.out.push(b']');
                return Ok(());
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.out.push(b'{');
        let start = self.out.len();
        // Key, and where the member stands in `out`, without comma.
        let mut members: Vec<(String, usize, usize)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if !key.is_ascii() {
                return Err(A::Error::custom("canonical JSON has no keys outside ASCII"));
            }
            let begin = self.out.len();
            Writer { out: self.out, text: false }.write(key.as_str())?;
            self.out.push(b':');
            map.next_value_seed(Writer { out: self.out, text: false })?;
            members.push((key, begin, self.out.len()));
        }
        members.sort_unstable();
        if let Some(pair) = members.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(A::Error::custom(format_args!("field {:?} given twice", pair[0].0)));
        }
        let mut sorted = Vec::with_capacity(self.out.len() - start + members.len());
        for (place, (_, begin, end)) in members.iter().enumerate() {
            if place > 0 {
                sorted.push(b',');
            }
            sorted.extend(&self.out[*begin..*end]);
        }
        self.out.truncate(start);
        self.out.append(&mut sorted);
        self.out.push(b'}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Result<String, serde_json::Error> {
        serde_json::from_str::<Json>(text).map(|json| String::from_utf8(json.0).unwrap())
    }

    #[test]
    fn any_spelling_becomes_the_canonical_one() {
        let spelled = " { \"b\" : [ 1 , -2 , true , [ ] , { } ] , \"a\" : \"\\u6cc9\\/\\n\" } ";
        assert_eq!(canonical(spelled).unwrap(), "{\"a\":\"泉/\\n\",\"b\":[1,-2,true,[],{}]}");
        assert_eq!(canonical(r#""{\"b\":1, \"a\":2}""#).unwrap(), r#"{"b":1, "a":2}"#);
    }

    #[test]
    fn what_readers_would_bend_is_refused() {
        let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let refused = [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"c":2,"b":3}}"#,
            r#"{"é":1}"#,
            "[1.0]",
            "[1e3]",
            "[null]",
            "[9007199254740993]",
            "[18446744073709551616]",
            "[-9223372036854775809]",
            "[1,]",
            &nested,
        ];
        for text in refused {
            assert!(canonical(text).is_err(), "{:.40}", text);
        }
    }
}
