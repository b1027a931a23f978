//! What an office begins with: small rules that ship with the program, the registers as workbooks to be filled in,
//! and the rules of the next year.
//!
//! `registers` writes the workbooks, `moved` moves a programme into another year, `holidays` knows the working days
//! of years.

mod holidays;
mod moved;
mod registers;

pub use holidays::{DaysError, calendar, given, known};
pub use moved::{MoveError, moved, next_pack};
pub use registers::{Form, forms};

use crate::nearest;
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random_support::files::Failure;

/// Rules that ship with the program: a pack and the programme of a year, each of at most 100 lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// By this it is called.
    pub code: &'static str,
    /// Its name in English and in Chinese, and other words for it.
    pub names: &'static [&'static str],
    /// The pack, JSON.
    pub pack: &'static str,
    /// The programme, JSON.
    pub programme: &'static str,
    /// What stands behind the division in the code of the authority.
    pub authority: &'static str,
}

/// All of them.
pub const TEMPLATES: &[Template] = &[
    Template {
        code: "county-health",
        names: &["county health", "县级卫健", "县级卫生健康", "卫健", "卫生健康", "health"],
        pack: include_str!("../../templates/county-health.json"),
        programme: include_str!("../../templates/county-health-2026.json"),
        authority: "wsj",
    },
    Template {
        code: "market",
        names: &["market regulation", "市场监管", "市场监督管理"],
        pack: include_str!("../../templates/market.json"),
        programme: include_str!("../../templates/market-2026.json"),
        authority: "scjg",
    },
    Template {
        code: "food",
        names: &["food establishments", "境外食品", "食品", "food safety"],
        pack: include_str!("../../templates/food.json"),
        programme: include_str!("../../templates/food-2026.json"),
        authority: "food",
    },
];

impl Template {
    /// The template of a code or a name.
    ///
    /// # Errors
    /// No template is called so; the text says which there are, the nearest first.
    pub fn find(word: &str) -> Result<&'static Self, double_random::message::Message> {
        let wanted = word.trim().to_lowercase();
        let is = |template: &&Self| template.code == wanted || template.names.contains(&wanted.as_str());
        TEMPLATES.iter().find(is).ok_or_else(|| nearest::told(word, &Self::all()))
    }

    /// Codes and Chinese names.
    #[must_use]
    pub fn all() -> Vec<(String, String)> {
        let name = |template: &Self| template.names.get(1).copied().unwrap_or_default().to_owned();
        TEMPLATES.iter().map(|template| (template.code.to_owned(), name(template))).collect()
    }

    /// The pack and the programme as they ship.
    ///
    /// # Errors
    /// They cannot be read, which a test excludes.
    pub fn rules(&self) -> Result<(Pack, Programme), Failure> {
        Ok((Pack::from_json(self.pack)?, Programme::from_json(self.programme)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_short_and_is_found_by_its_names() {
        for template in TEMPLATES {
            template.rules().unwrap();
            for text in [template.pack, template.programme] {
                assert!(text.lines().count() <= 100, "{}", template.code);
            }
            for name in template.names.iter().chain([&template.code]) {
                assert_eq!(Template::find(name), Ok(template));
            }
        }
        assert!(Template::find("县卫健").unwrap_err().to_string().starts_with("county-health (县级卫健)"));
    }
}
