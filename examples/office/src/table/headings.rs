//! Headings for people: of the spellings that the reader takes, the one that a register is handed out with.

use super::columns::{Column, EXPERT, OFFICER, RECUSAL, UNIT};
use double_random_support::screen::Lang;

/// What a column of a register is called in a language. `None`: the reader knows no other name.
#[must_use]
pub fn heading_of(register: &str, column: &str, lang: Lang) -> Option<&'static str> {
    let columns: &[Column] = match register {
        "units" => UNIT,
        "officers" => OFFICER,
        "experts" => EXPERT,
        "recusals" => RECUSAL,
        _ => return None,
    };
    let (_, names) = columns.iter().find(|(name, _)| *name == column)?;
    match lang {
        Lang::En => names.first().copied(),
        // Ids need be no credit codes, with which the list begins.
        Lang::Zh if (register, column) == ("units", "id") => Some("机构标识"),
        Lang::Zh => names.iter().copied().find(|name| !name.is_ascii()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_means_its_column_alone() {
        for (register, columns) in
            [("units", UNIT), ("officers", OFFICER), ("experts", EXPERT), ("recusals", RECUSAL)]
        {
            for (column, _) in columns {
                for lang in [Lang::En, Lang::Zh] {
                    let heading = heading_of(register, column, lang).unwrap();
                    let meant: Vec<&str> = columns
                        .iter()
                        .filter(|(_, names)| names.contains(&heading))
                        .map(|(name, _)| *name)
                        .collect();
                    assert_eq!(meant, [*column], "{register}: {heading}");
                }
            }
        }
    }
}
