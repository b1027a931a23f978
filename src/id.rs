//! Names with closed alphabets: units, inspectors, codes and divisions.
//!
//! A name that reaches a hash must have one spelling. Every type here can be made only from text that already
//! is that spelling; nothing is trimmed, upper-cased or repaired ([`UnitId::parse`] says what is wrong and
//! where instead).
//!
//! A name of up to 23 bytes (every division, credit code and registration number) needs no heap. A clone
//! never allocates.
//!
//! Sources: GB 32100-2015 (统一社会信用代码, unified social credit code), GB 11714-1997 (全国组织机构代码, organisation
//! code), GS 15-2006 (15-digit registration numbers, ISO 7064 MOD 11,10), GB/T 2260 (行政区划代码, division codes).
//! Spec 1.6.

use crate::message::{as_text, coded};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;
use std::fmt;

/// The reason why a text is not a name of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// The text is empty.
    #[error("is empty")]
    Empty,
    /// More than 64 characters.
    #[error("has {length} characters, at most 64 are allowed")]
    TooLong {
        /// Characters found.
        length: usize,
    },
    /// A character outside the alphabet of this kind of name.
    #[error("has {found:?} at place {place}, which {alphabet} does not contain")]
    Alphabet {
        /// The character.
        found: char,
        /// Its place, counted from 1.
        place: usize,
        /// The alphabet's description.
        alphabet: &'static str,
    },
    /// A code must begin with a letter or a digit.
    #[error("begins with {found:?}; a code begins with a letter or a digit")]
    Beginning {
        /// The first character.
        found: char,
    },
    /// The last character of a credit code is not its check character (GB 32100).
    #[error("has the check character {found}, GB 32100 computes {expected}")]
    CreditCheck {
        /// The check character that the first 17 characters give.
        expected: char,
        /// The character in place 18.
        found: char,
    },
    /// The organisation code inside a credit code has a wrong check character (GB 11714).
    #[error("has {found} in place 17, the organisation code inside computes {expected} (GB 11714)")]
    OrganisationCheck {
        /// The check character that the eight characters before give.
        expected: char,
        /// The character in place 17.
        found: char,
    },
    /// The last digit of a 15-digit registration number is not its check digit (GS 15-2006).
    #[error("has the check digit {found}, GS 15-2006 computes {expected}")]
    RegistrationCheck {
        /// The check digit that the first 14 digits give.
        expected: char,
        /// The digit in place 15.
        found: char,
    },
    /// Neither a credit code, nor a registration number, nor a local id.
    #[error(
        "is no credit code (18 characters), no registration number (15 digits) and no local id \
         (a hyphen inside, as in HOSP-0017); a place whose registers have other numbers says so in its pack \
         (ids: plain)"
    )]
    NoUnitId,
    /// A division of GB/T 2260 is six digits, a township nine, a village twelve.
    #[error("is not six digits (a township: nine; a village: twelve)")]
    DivisionShape,
    /// The first two digits are no province of GB/T 2260.
    #[error("begins with {found}, which is no province of GB/T 2260")]
    UnknownProvince {
        /// The two digits.
        found: String,
    },
    /// A county part under an empty city part (such as 350012).
    #[error("names a part without the part above it, as a county without a city")]
    DivisionGap,
    /// Nine or twelve digits that end in 000: the area above has a shorter code.
    #[error("ends in 000: the area above is meant, which is written without these digits")]
    DivisionSpelling,
}

coded! { IdError {
    Empty {} => "id.empty",
    TooLong { length } => "id.too_long",
    Alphabet { found, place, alphabet } => "id.alphabet",
    Beginning { found } => "id.beginning",
    CreditCheck { expected, found } => "id.credit_check",
    OrganisationCheck { expected, found } => "id.organisation_check",
    RegistrationCheck { expected, found } => "id.registration_check",
    NoUnitId {} => "id.no_unit_id",
    DivisionShape {} => "id.division_shape",
    UnknownProvince { found } => "id.unknown_province",
    DivisionGap {} => "id.division_gap",
    DivisionSpelling {} => "id.division_spelling",
} }

as_text!(UnitId, InspectorId, Code, Division);

const CODE_ALPHABET: &str = "0-9 A-Z a-z - _ .";
const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The value of every byte of that alphabet: its place there.
const CREDIT_VALUES: [Option<u8>; 256] = {
    let mut values = [None; 256];
    let mut place = 0u8;
    while place < 31 {
        values[CREDIT_ALPHABET[place as usize] as usize] = Some(place);
        place += 1;
    }
    values
};

/// Reads a value that a document holds as text, without a copy of the text.
pub(crate) fn read_text<'de, D: Deserializer<'de>, T, E: fmt::Display>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    struct Text<F>(F);

    impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Text<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<Error: de::Error>(self, text: &str) -> Result<T, Error> {
            self.0(text).map_err(Error::custom)
        }
    }

    deserializer.deserialize_str(Text(parse))
}

/// Spec 1.6: 1 to 64 characters of `0-9 A-Z a-z - _ .`, the first a letter or digit.
fn check_code(text: &str) -> Result<(), IdError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if let [first, ..] = text.as_bytes()
        && first.is_ascii_alphanumeric()
        && text.len() <= 64
        && text.bytes().all(plain)
    {
        return Ok(());
    }
    // Something is wrong: the first thing, as a person would read it.
    let first = text.chars().next().ok_or(IdError::Empty)?;
    for (place, found) in (1..).zip(text.chars()) {
        if !(found.is_ascii_alphanumeric() || matches!(found, '-' | '_' | '.')) {
            return Err(IdError::Alphabet { found, place, alphabet: CODE_ALPHABET });
        }
    }
    if text.len() > 64 {
        return Err(IdError::TooLong { length: text.len() });
    }
    if !first.is_ascii_alphanumeric() {
        return Err(IdError::Beginning { found: first });
    }
    Ok(())
}

/// Implements what every checked name shares: reading, showing, ordering by bytes, and serde through the
/// parser.
macro_rules! name {
    ($type:ident) => {
        name!($type, parse);
    };
    ($type:ident, $read:ident) => {
        impl $type {
            /// The text of the name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer, |text| {
                    Self::$read(text).map_err(|e| format!("{} {text:?} {e}", stringify!($type)))
                })
            }
        }
    };
}

/// A word from a closed vocabulary: a department, a kind of institution, a level, a reason.
///
/// 1 to 64 characters of `0-9 A-Z a-z - _ .`, beginning with a letter or digit, so that it can stand in a
/// path and in a hashed text without quoting (Spec 1.6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(SmolStr);

impl Code {
    /// Reads a code.
    ///
    /// # Errors
    /// Says what is wrong with the text; nothing is repaired.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        check_code(text)?;
        Ok(Self(text.into()))
    }
}

name!(Code);

/// An inspector's id, in practice the number of the enforcement certificate (执法证号). A [`Code`] by its
/// alphabet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InspectorId(SmolStr);

impl InspectorId {
    /// Reads an inspector id.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        check_code(text)?;
        Ok(Self(text.into()))
    }
}

name!(InspectorId);

/// The kind of number that a [`UnitId`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitIdKind {
    /// 统一社会信用代码, 18 characters (GB 32100-2015).
    Credit,
    /// 注册号, 15 digits (GS 15-2006), still carried by bodies that were never re-registered.
    Registration,
    /// An id the office gives to an institution without a code.
    Local,
    /// An id of a place whose registers have other numbers.
    Plain,
}

/// Which ids the units of a frame have (Spec 1.6): `frame.ids` of a policy, `ids` of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitIdForm {
    /// The numbers of China's registers, with their check characters, and local ids. Documents leave it out.
    #[default]
    #[serde(skip)]
    National,
    /// Any code, as of a place whose registers have numbers of their own.
    Plain,
}

impl UnitIdForm {
    /// Whether a document leaves the form out.
    #[must_use]
    pub const fn is_national(&self) -> bool {
        matches!(self, Self::National)
    }
}

/// The id of one institution: a credit code, a 15-digit registration number or a local id; where the place
/// has ids of its own, any [`Code`].
///
/// The three national shapes cannot be mistaken for each other: 18 characters of digits and capitals are a
/// credit code and must carry both check characters; 15 digits are a registration number and must carry
/// theirs; anything else needs a hyphen inside, so that a code with a missing character is refused instead of
/// passing as the local id of another unit.
///
/// Which form the ids of a frame have is a rule of its policy, so a document without one says of an id only
/// that it is a code. Rows of frame and roster, rules that name units and the units of a record are held
/// against the policy.
///
/// ```
/// use double_random::id::{UnitId, UnitIdForm, UnitIdKind};
/// assert_eq!(UnitId::parse("91350100M000100Y43")?.kind(), UnitIdKind::Credit);
/// assert_eq!(UnitId::parse("FJQZ-0001")?.kind(), UnitIdKind::Local);
/// let wrong = UnitId::parse("91350100M000100Y4Z").unwrap_err();
/// assert!(wrong.to_string().contains("'Z' at place 18"));
/// assert!(UnitId::parse("R1042").is_err());
/// assert_eq!(UnitId::read("R1042", UnitIdForm::Plain)?.kind(), UnitIdKind::Plain);
/// # Ok::<(), double_random::id::IdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(SmolStr);

impl UnitId {
    /// Reads a unit id of the national form.
    ///
    /// # Errors
    /// Says which rule the text breaks: alphabet, check character, shape.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Self::read(text, UnitIdForm::National)
    }

    /// Reads a unit id of any form, as a document without a policy holds it.
    ///
    /// # Errors
    /// The text is no code.
    pub fn any(text: &str) -> Result<Self, IdError> {
        Self::read(text, UnitIdForm::Plain)
    }

    /// Reads a unit id of a form.
    ///
    /// # Errors
    /// Says which rule the text breaks: alphabet; of the national form also check character and shape.
    pub fn read(text: &str, form: UnitIdForm) -> Result<Self, IdError> {
        check_code(text)?;
        let id = Self(text.into());
        id.has_form(form)?;
        Ok(id)
    }

    /// Whether the id has a form.
    ///
    /// # Errors
    /// Says which rule of the national form it breaks.
    pub fn has_form(&self, form: UnitIdForm) -> Result<(), IdError> {
        match form {
            UnitIdForm::National => self.national().map(|_| ()),
            UnitIdForm::Plain => Ok(()),
        }
    }

    /// The shape of a national id.
    fn national(&self) -> Result<UnitIdKind, IdError> {
        let capital = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        let bytes = self.0.as_bytes();
        if bytes.len() == 18 && bytes.iter().copied().all(capital) {
            check_credit_code(bytes)?;
            Ok(UnitIdKind::Credit)
        } else if bytes.len() == 15 && bytes.iter().all(u8::is_ascii_digit) {
            check_registration_number(bytes)?;
            Ok(UnitIdKind::Registration)
        } else if bytes.contains(&b'-') && !bytes.ends_with(b"-") {
            Ok(UnitIdKind::Local)
        } else {
            Err(IdError::NoUnitId)
        }
    }

    /// Which of the national shapes this is, or none of them.
    #[must_use]
    pub fn kind(&self) -> UnitIdKind {
        self.national().unwrap_or(UnitIdKind::Plain)
    }
}

name!(UnitId, any);

/// GB 32100-2015: the values of 17 characters, each times 3^(i−1) mod 31, summed; the check is 31 less the
/// sum mod 31, and 0 where that is 31. Inside, places 9 to 17 are an organisation code with a check of its
/// own.
fn check_credit_code(bytes: &[u8]) -> Result<(), IdError> {
    let mut sum = 0;
    let mut factor = 1;
    for (place, &byte) in (1..).zip(bytes) {
        let Some(value) = CREDIT_VALUES[usize::from(byte)] else {
            let alphabet = "the alphabet of GB 32100 (no I O S V Z)";
            return Err(IdError::Alphabet { found: char::from(byte), place, alphabet });
        };
        if place < 18 {
            sum += usize::from(value) * factor;
            factor = factor * 3 % 31;
        }
    }
    Division::of_digits(std::str::from_utf8(&bytes[2..8]).map_err(|_| IdError::DivisionShape)?)?;
    let expected = char::from(CREDIT_ALPHABET[(31 - sum % 31) % 31]);
    let found = char::from(bytes[17]);
    if expected != found {
        return Err(IdError::CreditCheck { expected, found });
    }
    let expected = organisation_check(&bytes[8..16]);
    let found = char::from(bytes[16]);
    if expected != found {
        return Err(IdError::OrganisationCheck { expected, found });
    }
    Ok(())
}

/// GB 11714-1997: weights 3 7 9 10 5 8 4 2, letters count 10 to 35 (all 26), check 11 less the sum mod 11, 10
/// written `X`, 11 written `0`.
fn organisation_check(bytes: &[u8]) -> char {
    let value = |b: u8| u32::from(if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 10 });
    let sum: u32 = bytes.iter().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(&b, w)| value(b) * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).expect("below 10"),
    }
}

/// GS 15-2006: ISO 7064 MOD 11,10 over the first 14 digits.
fn check_registration_number(bytes: &[u8]) -> Result<(), IdError> {
    let mut p = 10;
    for &byte in &bytes[..14] {
        let s = (p + u32::from(byte - b'0')) % 10;
        p = (if s == 0 { 10 } else { s }) * 2 % 11;
    }
    let expected = char::from_digit((11 - p) % 10, 10).expect("below 10");
    let found = char::from(bytes[14]);
    if expected == found { Ok(()) } else { Err(IdError::RegistrationCheck { expected, found }) }
}

/// A division (行政区划): the code of an area in which units lie and people work.
///
/// Any code can be one. What it means says the list of the policy, [`Divisions`](crate::division::Divisions):
/// codes of GB/T 2260 have their province and city in their digits ([`Self::of_digits`]); divisions of any
/// other list have a parent there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Division(SmolStr);

impl Division {
    /// Reads a division of any list: a code (Spec 1.6).
    ///
    /// # Errors
    /// As [`Code::parse`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Code::parse(text).map(|Code(text)| Self(text))
    }

    /// Reads a division of GB/T 2260: two digits each for province, city and county, `00` for the whole.
    /// Three more digits name a township (GB/T 10114), three more a village.
    ///
    /// GB/T 2260 is a list that changes with mergers and renamings. The shape and the province are checked
    /// here; which areas exist at the date of a draw is data of the policy (`frame.divisions`).
    ///
    /// ```
    /// use double_random::id::Division;
    /// assert!(Division::of_digits("350582").is_ok()); // 晋江市
    /// assert!(Division::of_digits("350582101").is_ok()); // a township in it
    /// assert!(Division::of_digits("350582000").is_err()); // the city again, in a second spelling
    /// ```
    ///
    /// # Errors
    /// Not 6, 9 or 12 digits, no province of GB/T 2260, a part below an empty part, or an empty last part.
    pub fn of_digits(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if !matches!(text.len(), 6 | 9 | 12) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(IdError::DivisionShape);
        }
        let (province, whole) = (&text[..2], &text[..6]);
        let known = matches!(
            province.as_bytes(),
            [b'1', b'1'..=b'5']
                | [b'2', b'1'..=b'3']
                | [b'3', b'1'..=b'7']
                | [b'4', b'1'..=b'6']
                | [b'5', b'0'..=b'4']
                | [b'6', b'1'..=b'5']
                | [b'7', b'1']
                | [b'8', b'1'..=b'2']
        );
        // 10 is what GB 32100 writes for bodies registered with the national authorities (such as 100000).
        if !known && text != "100000" {
            return Err(IdError::UnknownProvince { found: province.to_owned() });
        }
        let below = text.len() > 6;
        if &whole[2..4] == "00" && (&whole[4..] != "00" || below) {
            return Err(IdError::DivisionGap);
        }
        if below && (&text[6..9] == "000" || text[9..] == *"000") {
            return Err(IdError::DivisionSpelling);
        }
        Ok(Self(text.into()))
    }

    /// The first digits of a division of GB/T 2260, then zeros up to six places.
    pub(crate) fn padded(&self, digits: usize) -> Self {
        let kept = digits.min(self.0.len());
        Self([&self.0[..kept], &"000000"[kept.min(6)..]].into_iter().collect())
    }

    /// The digits of a division of GB/T 2260 before the trailing pairs `00` of a code of six digits.
    pub(crate) fn significant(&self) -> &str {
        match self.as_str() {
            text if text.len() == 6 && text.ends_with("0000") => &text[..2],
            text if text.len() == 6 && text.ends_with("00") => &text[..4],
            text => text,
        }
    }
}

name!(Division);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_codes_of_the_standard_and_of_the_web_pass() {
        let codes = ["91350100M000100Y43", "91110000600037341L", "91330106673959654P", "12100000400000624D"];
        for code in codes {
            assert_eq!(UnitId::parse(code).map(|id| id.kind()), Ok(UnitIdKind::Credit), "{code}");
        }
    }

    #[test]
    fn a_wrong_check_character_is_named_with_the_right_one() {
        let error = UnitId::parse("9135020078415956X2").unwrap_err();
        assert_eq!(error, IdError::CreditCheck { expected: '6', found: '2' });
        // The worked example of some web pages ends in Z, which the alphabet of GB 32100 does not even
        // contain.
        let error = UnitId::parse("91350100M000100Y4Z").unwrap_err();
        assert!(matches!(error, IdError::Alphabet { found: 'Z', place: 18, .. }));
    }

    /// A web page computes `ord(c) - ord('A') + 10` over all 26 letters and takes `sum mod 31` for the check
    /// itself. Its "valid" code must be refused here, and the two must differ on real codes.
    #[test]
    fn the_wrong_public_implementations_are_refused() {
        let wrong = |code: &str| {
            let value = |b: u8| u32::from(if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 10 });
            let (sum, _) = code.bytes().take(17).fold((0, 1), |(sum, w), b| (sum + value(b) * w, w * 3 % 31));
            char::from_digit(sum % 31, 36).unwrap().to_ascii_uppercase()
        };
        for code in ["91350100M000100Y43", "91110000600037341L", "91330106673959654P", "12100000400000624D"] {
            assert_ne!(wrong(code), code.chars().last().unwrap(), "{code}");
            let forged = format!("{}{}", &code[..17], wrong(code));
            assert!(UnitId::parse(&forged).is_err(), "{forged}");
        }
        // A regular expression that takes [0-9A-Z] as check character accepts all of these; exactly one is
        // right.
        let accepted =
            ('0'..='9').chain('A'..='Z').filter(|c| UnitId::parse(&format!("91350100M000100Y4{c}")).is_ok());
        assert_eq!(accepted.collect::<String>(), "3");
    }

    #[test]
    fn the_organisation_code_inside_is_checked_for_itself() {
        // Change place 17 and recompute place 18: GB 32100 alone is satisfied, GB 11714 is not.
        let mut found = 0;
        for last in CREDIT_ALPHABET {
            let code = format!("91350100M000100Y5{}", char::from(*last));
            match UnitId::parse(&code) {
                Err(IdError::OrganisationCheck { expected: '4', found: '5' }) => found += 1,
                Err(IdError::CreditCheck { .. }) => {}
                other => panic!("{code}: {other:?}"),
            }
        }
        assert_eq!(found, 1);
    }

    #[test]
    fn a_sum_divisible_by_31_has_the_check_character_0() {
        let code = "91350100M000100Y43".to_owned();
        // Walk the division's county until some code ends in 0 with both checks right.
        let zero = (0..100).map(|n| format!("913501{n:02}M000100Y40")).find(|c| UnitId::parse(c).is_ok());
        assert!(zero.is_some(), "no code of the family of {code} has the remainder 0");
    }

    #[test]
    fn registration_numbers_carry_their_check_digit() {
        // Published registration numbers of three large companies.
        for number in ["440301103097413", "440301103448669", "110108012660422"] {
            assert_eq!(UnitId::parse(number).map(|id| id.kind()), Ok(UnitIdKind::Registration), "{number}");
        }
        let error = UnitId::parse("440301103097414").unwrap_err();
        assert_eq!(error, IdError::RegistrationCheck { expected: '3', found: '4' });
    }

    #[test]
    fn a_damaged_code_does_not_pass_as_a_local_id() {
        for text in
            ["91350100M000100Y4", "4403011030974", "91350100m000100y43", "泉州-1", "a b-c", "-A1", "A-", "A1"]
        {
            assert!(UnitId::parse(text).is_err(), "{text}");
        }
        assert_eq!(UnitId::parse("FJQZ-0001").map(|id| id.kind()), Ok(UnitIdKind::Local));
        assert_eq!(UnitId::parse(""), Err(IdError::Empty));
        assert_eq!(UnitId::parse(&format!("A-{}", "1".repeat(63))), Err(IdError::TooLong { length: 65 }));
    }

    #[test]
    fn plain_ids_are_codes_and_documents_leave_their_form_to_the_policy() {
        let form = UnitIdForm::Plain;
        // A credit code that lost a character, one that lost its check, 15 digits: ids like others.
        for text in ["R1042", "91350100M000100Y4", "91350100M000100Y4Z", "440301103097433", "FJQZ0001"] {
            let id = UnitId::read(text, form).unwrap();
            assert_eq!((id.kind(), id.has_form(form)), (UnitIdKind::Plain, Ok(())), "{text}");
            assert_eq!(id.has_form(UnitIdForm::National), UnitId::parse(text).map(|_| ()), "{text}");
            assert!(id.has_form(UnitIdForm::National).is_err(), "{text}");
            assert_eq!(serde_json::from_value::<UnitId>(serde_json::json!(text)).unwrap(), id);
        }
        assert_eq!(UnitId::any("R1042"), UnitId::read("R1042", form));
        for text in ["", "R 1042", "-R1042", "R1042号"] {
            assert!(UnitId::any(text).is_err(), "{text}");
        }
        assert!(UnitIdForm::default().is_national() && !form.is_national());
        assert_eq!(serde_json::to_value(form).unwrap(), "plain");
        assert!(serde_json::from_str::<UnitIdForm>("\"national\"").is_err());
    }

    #[test]
    fn divisions_of_the_standard_have_one_spelling() {
        for text in ["350582", "350500", "350000", "100000", "350582101", "441900003", "350582101200"] {
            assert_eq!(Division::of_digits(text).map(|d| d.as_str().to_owned()), Ok(text.into()));
        }
        for (text, error) in [
            ("35058", IdError::DivisionShape),
            ("35058a", IdError::DivisionShape),
            ("3505821", IdError::DivisionShape),
            ("350012", IdError::DivisionGap),
            ("350000101", IdError::DivisionGap),
            ("350582000", IdError::DivisionSpelling),
            ("350582101000", IdError::DivisionSpelling),
            ("350582000101", IdError::DivisionSpelling),
            ("990000", IdError::UnknownProvince { found: "99".into() }),
        ] {
            assert_eq!(Division::of_digits(text), Err(error), "{text}");
        }
    }
}
