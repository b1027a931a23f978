//! Large seeded instances of who may go where, after the published description of a measured study: teams of
//! two, districts of uneven size, ten to a city, eight specialties of which an officer holds one to three,
//! one pair in a hundred recused, the two of last time out, three in a hundred absent, one in twenty
//! part-time. Integers only, so they are the same everywhere.

use double_random::matching::{Day, Demand, Matching, Seat, WHOLE};

/// splitmix64.
pub struct Numbers(u64);

impl Numbers {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(z ^ (z >> 31)) * u128::from(n)) >> 64) as u64
    }

    pub fn index(&mut self, n: usize) -> usize {
        self.below(n as u64) as usize
    }
}

/// Officers within districts; `cap` is that of a full-time officer.
pub fn districts(visits: usize, officers: usize, districts: usize, cap: u64) -> Matching {
    let mut numbers = Numbers::new(7);
    // A district is 1 to 4 parts large, in visits and officers alike.
    let mut parts: Vec<usize> = Vec::new();
    for district in 0..districts {
        parts.extend(std::iter::repeat_n(district, 1 + numbers.index(4)));
    }
    let home: Vec<usize> = (0..officers).map(|_| parts[numbers.index(parts.len())]).collect();
    let skills: Vec<u32> = (0..officers)
        .map(|_| (0..1 + numbers.below(3)).fold(0, |held, _| held | 1 << numbers.below(8)))
        .collect();
    let absent: Vec<bool> = (0..officers).map(|_| numbers.below(100) < 3).collect();
    let seats = (0..officers)
        .map(|_| Seat { cap: if numbers.below(20) == 0 { 2 } else { cap }, ..Seat::default() })
        .collect();
    let mut by_district: Vec<Vec<u32>> = vec![Vec::new(); districts];
    let mut by_city: Vec<Vec<u32>> = vec![Vec::new(); districts.div_ceil(10)];
    for officer in (0..officers).filter(|&officer| !absent[officer]) {
        by_district[home[officer]].push(officer as u32);
        by_city[home[officer] / 10].push(officer as u32);
    }
    let mut matching = Matching {
        officers: seats,
        visits: vec![None; visits],
        ceiling: WHOLE / 4 * 3,
        ..Matching::default()
    };
    for visit in 0..visits {
        let district = parts[numbers.index(parts.len())];
        let skill = numbers.below(8);
        let able =
            |list: &[u32]| list.iter().copied().filter(|&o| skills[o as usize] >> skill & 1 == 1).collect();
        let mut list: Vec<u32> = able(&by_district[district]);
        if list.len() < 6 {
            list = able(&by_city[district / 10]);
        }
        list.retain(|_| numbers.below(100) > 0);
        for _ in 0..2 {
            if list.len() > 4 {
                list.remove(numbers.index(list.len()));
            }
        }
        matching.posts.push(Demand { visit, places: 2, list, limit: None, pinned: false });
    }
    matching
}

/// Twenty random officers for every visit: one component.
pub fn pool(visits: usize, officers: usize, cap: u64) -> Matching {
    let mut numbers = Numbers::new(11);
    let mut posts = Vec::new();
    for visit in 0..visits {
        let mut list: Vec<u32> = Vec::new();
        while list.len() < 20 {
            let officer = numbers.index(officers) as u32;
            if !list.contains(&officer) {
                list.push(officer);
            }
        }
        list.sort_unstable();
        posts.push(Demand { visit, places: 2, list, limit: None, pinned: false });
    }
    let officers = vec![Seat { cap, ..Seat::default() }; officers];
    Matching { visits: vec![None; visits], posts, officers, offices: Vec::new(), ceiling: WHOLE / 4 * 3 }
}

pub fn s() -> Matching {
    districts(1_000, 200, 6, 16)
}

pub fn m() -> Matching {
    districts(20_000, 5_000, 150, 20)
}

pub fn l() -> Matching {
    districts(200_000, 100_000, 3_000, 10)
}

pub fn lr() -> Matching {
    pool(200_000, 100_000, 12)
}

/// The full network over so many districts: every visit has a day, a lead post for which one officer in three
/// is qualified and a members' post with at most one officer of a group, day caps of two, week caps of six,
/// loads before, and every tenth district's offices have caps.
pub fn full(mut matching: Matching, districts: usize, days: u32) -> Matching {
    let mut numbers = Numbers::new(13);
    let officers = matching.officers.len();
    let senior: Vec<bool> = (0..officers).map(|_| numbers.below(3) == 0).collect();
    // The same homes as in `districts`, drawn again.
    let mut again = Numbers::new(7);
    let mut parts: Vec<usize> = Vec::new();
    for district in 0..districts {
        parts.extend(std::iter::repeat_n(district, 1 + again.index(4)));
    }
    let home: Vec<usize> = (0..officers).map(|_| parts[again.index(parts.len())]).collect();
    for (number, seat) in matching.officers.iter_mut().enumerate() {
        seat.day_cap = Some(2);
        seat.week_cap = Some(6);
        seat.before = numbers.below(4);
        seat.group = (number % 5 == 0).then_some(number / 10);
        seat.office = (home[number].is_multiple_of(10)).then_some(home[number] / 10);
    }
    let mut staff = vec![0; districts.div_ceil(10)];
    matching.officers.iter().filter_map(|seat| seat.office).for_each(|office| staff[office] += 1);
    matching.offices = staff.into_iter().map(|people: u64| people * 9).collect();
    let mut posts = Vec::new();
    for post in std::mem::take(&mut matching.posts) {
        let number = numbers.below(u64::from(days)) as u32;
        matching.visits[post.visit] = Some(Day { week: number / 5, number });
        let lead: Vec<u32> = post.list.iter().copied().filter(|&o| senior[o as usize]).collect();
        let lead = if lead.len() < 2 { post.list.clone() } else { lead };
        posts.push(Demand { places: 1, list: lead, ..post.clone() });
        posts.push(Demand { places: 1, limit: Some(1), ..post });
    }
    matching.posts = posts;
    matching
}
