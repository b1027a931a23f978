//! Standard base64 with padding (RFC 4648 section 4), as notes are written. Every byte string has one
//! spelling.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The text of some bytes.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let digit = usize::try_from(group >> (18 - 6 * i) & 63).expect("six bits");
            text.push(if i <= u32::try_from(chunk.len()).expect("at most 3") {
                char::from(DIGITS[digit])
            } else {
                '='
            });
        }
    }
    text
}

/// The bytes of a text; `None` if it is not what [`to_base64`] would write.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.as_bytes().chunks(4) {
        let mut bits: u32 = 0;
        let mut digits = 0;
        for &c in group.iter().take_while(|c| **c != b'=') {
            let digit = DIGITS.iter().position(|digit| *digit == c)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
            digits += 1;
        }
        let [_, high, middle, low] = (bits << (6 * (4 - digits))).to_be_bytes();
        bytes.extend_from_slice(&[high, middle, low][..usize::try_from(digits.max(1) - 1).ok()?]);
    }
    (to_base64(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 section 10, and what has no or another spelling.
    #[test]
    fn the_test_vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(
                (to_base64(bytes.as_bytes()), from_base64(text)),
                (text.to_owned(), Some(bytes.into()))
            );
        }
        for wrong in ["Zg", "Zg=", "Zh==", "Zg==Zg==", "Z", "====", "Zm9v\n", "Zm-v", "é"] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }
}
