//! Texts that people read, and names that people are known by (Spec 1.9 and 1.10). Both rules are closed
//! lists of characters, so that every implementation agrees for ever, whatever version of Unicode it has.

/// Characters that are not seen, or that change how others are seen: controls, format and direction marks,
/// separators of lines, fillers and selectors of variants (Spec 1.9).
const HIDDEN: [(u32, u32); 29] = [
    (0x0000, 0x001F),
    (0x007F, 0x009F),
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0x1_10BD, 0x1_10BD),
    (0x1_10CD, 0x1_10CD),
    (0x1_3430, 0x1_343F),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0000, 0xE_0FFF),
    (0xF_FFFE, 0x10_FFFF),
];

/// Characters that are empty space (Spec 1.9).
const SPACES: [(u32, u32); 7] = [
    (0x0020, 0x0020),
    (0x00A0, 0x00A0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
];

/// Letters of a name beside ASCII: Latin-1, ideographs, Hangul syllables (Spec 1.10). No two of their texts
/// look alike by composition: NFKC changes none of them.
const LETTERS: [(u32, u32); 10] = [
    (0x00C0, 0x00D6),
    (0x00D8, 0x00F6),
    (0x00F8, 0x00FF),
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0x2_0000, 0x2_A6DF),
    (0x2_A700, 0x2_EE5F),
    (0x3_0000, 0x3_23AF),
];

/// Marks of a name beside ASCII: they stand in it, and are not compared (Spec 1.10).
const MARKS: [(u32, u32); 11] = [
    (0x00B7, 0x00B7),
    (0x2013, 0x2014),
    (0x2018, 0x2019),
    (0x201C, 0x201D),
    (0x2022, 0x2022),
    (0x2027, 0x2027),
    (0x3000, 0x3003),
    (0x3008, 0x3011),
    (0x3014, 0x3017),
    (0x30FB, 0x30FB),
    (0xFF01, 0xFF5E),
];

fn among(ranges: &[(u32, u32)], character: char) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(character)))
}

/// Whether a character is not seen, or changes how others are seen.
pub(crate) fn is_hidden(character: char) -> bool {
    among(&HIDDEN, character)
}

/// Whether a character is empty space.
pub(crate) fn is_space(character: char) -> bool {
    among(&SPACES, character)
}

/// Whether a text can stand in a document for people: 1 to 200 characters, not blank, none of them hidden.
pub(crate) fn readable(text: &str) -> bool {
    !text.chars().all(is_space) && text.chars().count() <= 200 && !text.chars().any(is_hidden)
}

/// What a name is compared by: its letters and digits in one width and one case. Other characters count only
/// between two digits, as one point (Spec 1.10). `None` where the text is no name.
pub(crate) fn name_key(text: &str) -> Option<String> {
    if !readable(text) {
        return None;
    }
    let (mut key, mut gap) = (String::new(), false);
    for character in text.chars() {
        let narrow = match u32::from(character) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0)?,
            _ => character,
        };
        let letter = match narrow {
            '0'..='9' | 'a'..='z' => narrow,
            'A'..='Z' => narrow.to_ascii_lowercase(),
            'À'..='Þ' if narrow != '×' => char::from_u32(u32::from(narrow) + 0x20)?,
            other if among(&LETTERS, other) => other,
            ' '..='~' => {
                gap = true;
                continue;
            }
            other if among(&MARKS, other) => {
                gap = true;
                continue;
            }
            _ => return None,
        };
        if gap && letter.is_ascii_digit() && key.ends_with(|last: char| last.is_ascii_digit()) {
            key.push('.');
        }
        gap = false;
        key.push(letter);
    }
    (!key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_key_however_it_is_written() {
        let key = |text: &str| name_key(text).unwrap();
        for same in ["公证处（演示）", "公证处 (演示)", " 公证处演示 ", "公证处·演示", "公证处　演示"]
        {
            assert_eq!(key(same), "公证处演示", "{same}");
        }
        assert_eq!(key("ＮＯＴＡＲＹ １"), key("notary1"));
        assert_eq!(key("Müller"), key("MÜLLER"));
        assert_ne!(key("2026-1-11"), key("2026-11-1"));
        assert_eq!(key("2026-1-11"), key("2026.1.11"));
        for none in ["", " ", "——", "a\u{200B}b", "u\u{308}", "公证处\u{202E}", "㈱", "ﬁ", "Ы"] {
            assert_eq!(name_key(none), None, "{none:?}");
        }
        assert!(readable("Ы") && readable("u\u{308}") && !readable("a\u{2066}b") && !readable("\u{3000}"));
    }
}
