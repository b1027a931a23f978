//! How many a row draws, and how often.

use super::{Reader, Said};
use crate::args::Prefer;
use double_random::message::Coded as _;
use double_random::policy::Billionths;
use double_random_office::plan::{Amount, PERCENT, Plain, amount};
use double_random_office::say;
use double_random_office::table::PlanRow;
use serde_json::{Value, json};

/// All of the subjects, in billionths.
const ALL: u64 = 100 * PERCENT;

/// A share in words.
fn percent(billionths: u64) -> String {
    // A share that is none may be of any size.
    Billionths::new(billionths.saturating_mul(100))
        .map_or_else(|_| format!("> {} %", Billionths::MAX), |share| format!("{share} %"))
}

/// What stands for an amount that contradicts; nothing is written then.
fn nothing() -> Value {
    json!({ "method": "rate", "rate": "0.1" })
}

impl Reader<'_> {
    /// The three cells of amounts as one.
    fn together(&self, row: &PlanRow, said: &mut Said) -> Amount {
        let mut all = Amount::default();
        for (field, plain) in [("ratio", Plain::Share), ("often", Plain::Times), ("number", Plain::Count)] {
            let text = row.text(field);
            if text.is_empty() {
                continue;
            }
            let found = amount(text, plain);
            let nothing = found.shares.is_empty() && found.times.is_none() && found.count.is_none();
            if nothing && found.doubts.is_empty() {
                said.contradicts.push(say!(
                    "office.plan.no_amount",
                    "\"{text}\" is no amount that can be read",
                    text
                ));
            }
            said.contradicts.extend(found.doubts);
            if found.plain {
                said.assumed.push(say!(
                    "office.plan.no_unit_assumed",
                    "\"{text}\" has no unit: taken for what its column is about",
                    text
                ));
            }
            for rest in found.unused.iter().filter(|_| !nothing) {
                self.unused(row, field, rest, said);
            }
            if !all.shares.is_empty() && !found.shares.is_empty() && all.shares != found.shares {
                said.contradicts.push(say!(
                    "office.plan.other_amount",
                    "\"{text}\" says another amount than the column before",
                    text
                ));
            }
            if all.shares.is_empty() {
                all.shares = found.shares;
            }
            for (own, other) in [(&mut all.times, found.times), (&mut all.count, found.count)] {
                if let (Some(one), Some(other)) = (*own, other)
                    && one != other
                {
                    said.contradicts.push(say!(
                        "office.plan.other_amount",
                        "\"{text}\" says another amount than the column before",
                        text
                    ));
                }
                *own = own.or(other);
            }
            all.at_least |= found.at_least;
            all.at_most |= found.at_most;
        }
        all
    }

    /// The share that a task gets of its row's shares.
    fn share(&self, all: &Amount, said: &mut Said) -> Option<u64> {
        let low = all.shares.iter().map(|share| share.low).min()?;
        if all.shares.len() > 1 {
            let label = |label: &str| if label.is_empty() { "?".to_owned() } else { label.to_owned() };
            let each: Vec<String> = all
                .shares
                .iter()
                .map(|share| format!("{} {}", label(&share.label), percent(share.low)))
                .collect();
            let each = each.join(", ");
            // Without labels nothing says which share is whose.
            if all.shares.iter().any(|share| share.label.is_empty()) {
                said.contradicts.push(say!(
                    "office.plan.shares",
                    "several shares, and it is not said whose each is: {each}",
                    each
                ));
            } else {
                said.assumed.push(say!(
                    "office.plan.levels",
                    "{each}: shares of levels are ratios of the pack; the task gets the smallest",
                    each
                ));
            }
        } else if let [one] = all.shares.as_slice()
            && !one.label.is_empty()
        {
            said.contradicts.push(say!(
                "office.plan.part",
                "{share} are of {label} only: give these a row of their own, or leave the words out",
                share = percent(one.low),
                label = one.label
            ));
        }
        if all.shares.iter().any(|share| share.low == 0 || share.high > ALL || share.low > share.high) {
            said.contradicts.push(say!(
                "office.plan.no_share",
                "a share of {share} is none",
                share = percent(low)
            ));
            return None;
        }
        Some(low)
    }

    /// The design, and how many draws.
    pub(super) fn amounts(&self, row: &PlanRow, said: &mut Said) -> (Value, u64) {
        let before = said.contradicts.len();
        let all = self.together(row, said);
        let (few, draws) = all.times.unwrap_or((1, 1));
        if all.times.is_some() {
            said.understood.push(say!("office.plan.draws", "{draws} draws a year", draws));
        }
        if few != draws {
            said.assumed.push(say!("office.plan.larger", "the larger number of times"));
        }
        let ranged = all.shares.iter().any(|share| share.low != share.high)
            || all.count.is_some_and(|(low, high)| low != high);
        if all.at_least || ranged {
            said.assumed.push(say!("office.plan.lower", "at least so much, or a range: the lower end"));
        }
        if all.at_most {
            said.assumed.push(say!("office.plan.upper", "at most so much: so much is drawn"));
        }
        let share = self.share(&all, said);
        let count = all.count.map(|(low, _)| low);
        let base_of = amount(row.text("base"), Plain::Count);
        let base = base_of.count.map(|(_, high)| high).filter(|_| base_of.doubts.is_empty());
        if (share.is_none() || count.is_none() || base.is_none()) && !row.text("base").is_empty() {
            self.unused(row, "base", row.text("base"), said);
        }
        if said.contradicts.len() > before {
            return (nothing(), draws);
        }
        if count == Some(0) {
            said.contradicts.push(say!("office.plan.none_drawn", "a number of 0: nobody would be drawn"));
            return (nothing(), draws);
        }
        match (share, count) {
            (Some(share), Some(count)) => self.both(share, count, base, draws, said),
            (None, Some(count)) => by_number(count, draws, said),
            (Some(share), None) => by_share(share, draws, said),
            (None, None) => {
                said.contradicts.push(say!(
                    "office.plan.how_many",
                    "no share and no number: how many are drawn is not said"
                ));
                (nothing(), draws)
            }
        }
    }

    /// A share and a number in one row.
    fn both(&self, share: u64, count: u64, base: Option<u64>, draws: u64, said: &mut Said) -> (Value, u64) {
        let of = |base: u64| {
            u64::try_from(u128::from(share) * u128::from(base) / u128::from(ALL)).unwrap_or(u64::MAX)
        };
        if let Some(base) = base.filter(|base| (of(*base)..=of(*base) + 1).contains(&count)) {
            said.understood.push(say!(
                "office.plan.agrees",
                "{count} is {share} of {base}",
                count,
                share = percent(share),
                base
            ));
            return by_share(share, draws, said);
        }
        self.preferred.set(true);
        match self.given.prefer {
            Some(Prefer::Share) => {
                said.assumed.push(say!(
                    "office.plan.number_left",
                    "the number {count} is not used (--prefer share)",
                    count
                ));
                return by_share(share, draws, said);
            }
            Some(Prefer::Number) => {
                said.assumed.push(say!(
                    "office.plan.share_left",
                    "the share {share} is not used (--prefer number)",
                    share = percent(share)
                ));
                return by_number(count, draws, said);
            }
            None => {}
        }
        let most = u128::from(count + 1) * u128::from(ALL) / u128::from(share);
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let share = percent(share);
        said.contradicts.push(match base.map(|base| (base, of(base))) {
            None => say!(
                "office.plan.two_amounts",
                "a share of {share} and a number of {count}: they agree only where there are fewer than {most} \
                 subjects, and the table does not say how many there are; --prefer share or number says which holds",
                share,
                count,
                most
            ),
            Some((base, right)) => say!(
                "office.plan.two_amounts_of",
                "a share of {share} and a number of {count}: {share} of {base} is {right}; --prefer share or number \
                 says which holds",
                share,
                count,
                base,
                right
            ),
        });
        (nothing(), draws)
    }
}

fn by_number(count: u64, draws: u64, said: &mut Said) -> (Value, u64) {
    if draws > 1 {
        said.contradicts.push(say!(
            "office.plan.number_draws",
            "a number is drawn in one draw, and the row says {draws} draws: write a share, or a row for each draw",
            draws
        ));
        return (nothing(), 1);
    }
    said.understood.push(say!("office.plan.number", "{count} subjects", count));
    (json!({ "method": "number", "number": count }), 1)
}

fn by_share(share: u64, draws: u64, said: &mut Said) -> (Value, u64) {
    let year = share.saturating_mul(draws);
    if draws > 1 {
        said.assumed.push(say!(
            "office.plan.each_draw",
            "{share} in each of {draws} draws: {year} a year",
            share = percent(share),
            draws,
            year = percent(year)
        ));
    } else {
        said.understood.push(say!(
            "office.plan.share",
            "{share} of the subjects a year",
            share = percent(year)
        ));
    }
    match Billionths::new(year) {
        Ok(rate) => (json!({ "method": "rate", "rate": rate }), draws),
        Err(error) => {
            said.contradicts.push(error.message());
            (nothing(), draws)
        }
    }
}
