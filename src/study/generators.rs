//! The generators that other people's programs draw with, so that a list can be derived again from a guessed
//! seed.
//!
//! Nothing here takes part in a draw of this library. Each generator is the published algorithm of its
//! language: `java.util.Random` with `Collections.shuffle` (documentation of Java SE), the Mersenne Twister
//! of Matsumoto and Nishimura (1998) as Python's `random` uses it, `rand` of the GNU C library (additive
//! feedback, `TYPE_3`) and of Microsoft's C library. The test vectors were printed by those programs.

/// A generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// `java.util.Random`.
    Java,
    /// The Mersenne Twister of Python 3, seeded with a whole number.
    Python,
    /// `rand()` of the GNU C library, taken modulo the number of rows.
    Glibc,
    /// `rand()` of Microsoft's C library, taken modulo the number of rows.
    Msvc,
}

/// How a program takes units with a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taking {
    /// The list is shuffled (Fisher and Yates, from the end), and its first rows are taken.
    ShuffleFirst,
    /// The same shuffle, and its last rows are taken.
    ShuffleLast,
    /// Rows are drawn one by one, and a row that was drawn before is drawn again.
    Picks,
    /// `random.sample` of Python 3; of another engine, the same algorithm.
    Sample,
}

/// A generator and what is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipe {
    /// The generator.
    pub engine: Engine,
    /// How rows are taken.
    pub taking: Taking,
}

impl Recipe {
    /// Every recipe that occurs in programs.
    pub const ALL: [Self; 13] = [
        Self { engine: Engine::Java, taking: Taking::ShuffleFirst },
        Self { engine: Engine::Java, taking: Taking::ShuffleLast },
        Self { engine: Engine::Java, taking: Taking::Picks },
        Self { engine: Engine::Python, taking: Taking::ShuffleFirst },
        Self { engine: Engine::Python, taking: Taking::ShuffleLast },
        Self { engine: Engine::Python, taking: Taking::Picks },
        Self { engine: Engine::Python, taking: Taking::Sample },
        Self { engine: Engine::Glibc, taking: Taking::ShuffleFirst },
        Self { engine: Engine::Glibc, taking: Taking::ShuffleLast },
        Self { engine: Engine::Glibc, taking: Taking::Picks },
        Self { engine: Engine::Msvc, taking: Taking::ShuffleFirst },
        Self { engine: Engine::Msvc, taking: Taking::ShuffleLast },
        Self { engine: Engine::Msvc, taking: Taking::Picks },
    ];

    /// The rows that the program takes, in its order: `count` positions of `rows`. At most all rows are
    /// taken.
    #[must_use]
    pub fn select(self, seed: u64, rows: u32, count: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut work = Work::new(rows);
        run(self, seed, rows, count.min(rows), &mut work, &mut |row, taken| {
            if taken {
                found.push(row);
            }
            true
        });
        if self.taking == Taking::ShuffleFirst || self.taking == Taking::ShuffleLast {
            found.reverse();
        }
        found
    }
}

/// A list whose seed is looked for.
#[derive(Debug, Clone)]
pub struct Suspect {
    rows: u32,
    count: u32,
    taken: Vec<bool>,
    work: Work,
}

impl Suspect {
    /// Takes the number of rows and the positions of the drawn ones. `None` if a position is none of the rows
    /// or stands twice.
    #[must_use]
    pub fn new(rows: u32, drawn: &[u32]) -> Option<Self> {
        let mut taken = vec![false; usize::try_from(rows).ok()?];
        for row in drawn {
            let seen = taken.get_mut(usize::try_from(*row).ok()?)?;
            if *seen {
                return None;
            }
            *seen = true;
        }
        let count = u32::try_from(drawn.len()).ok()?;
        Some(Self { rows, count, taken, work: Work::new(rows) })
    }

    /// Whether a recipe gives exactly the drawn rows from this seed, in any order.
    #[must_use]
    pub fn follows(&mut self, recipe: Recipe, seed: u64) -> bool {
        let Self { rows, count, taken, work } = self;
        run(recipe, seed, *rows, *count, work, &mut |row, chosen| taken[index(row)] == chosen)
    }

    /// A lower bound of the binary logarithm of the number of lists that chance could have given as well:
    /// `rows` over `count`. A list that follows from one of 2ˢ seeds is no accident if this is far above s.
    #[must_use]
    pub fn bits(&self) -> u32 {
        // A running product with 63 bits of mantissa, rounded down in every step.
        let (mut mantissa, mut exponent) = (1u128 << 62, 0u32);
        let count = self.count.min(self.rows - self.count);
        for step in 0..count {
            mantissa = mantissa * u128::from(self.rows - step) / u128::from(step + 1);
            while mantissa >= 1 << 63 {
                (mantissa, exponent) = (mantissa >> 1, exponent + 1);
            }
        }
        exponent
    }
}

/// Memory that is used again for every seed: it is put back as it was.
#[derive(Debug, Clone)]
struct Work {
    /// The identity between two runs.
    list: Vec<u32>,
    swaps: Vec<(usize, usize)>,
    /// All false between two runs.
    seen: Vec<bool>,
    marked: Vec<u32>,
}

impl Work {
    fn new(rows: u32) -> Self {
        Self {
            list: (0..rows).collect(),
            swaps: Vec::new(),
            seen: vec![false; index(rows)],
            marked: Vec::new(),
        }
    }
}

fn index(row: u32) -> usize {
    usize::try_from(row).expect("32 bits fit")
}

/// Runs a recipe and says of row after row whether it is taken, until `settle` says no. Returns whether it
/// never did.
fn run(
    recipe: Recipe,
    seed: u64,
    rows: u32,
    count: u32,
    work: &mut Work,
    settle: &mut dyn FnMut(u32, bool) -> bool,
) -> bool {
    let mut words = Machine::new(recipe.engine, seed);
    match recipe.taking {
        Taking::ShuffleFirst => shuffle(&mut words, rows, work, &mut |at, row| settle(row, at < count)),
        Taking::ShuffleLast => {
            shuffle(&mut words, rows, work, &mut |at, row| settle(row, at >= rows - count))
        }
        Taking::Picks => picks(&mut words, rows, count, work, settle),
        Taking::Sample => {
            // CPython: a list of all rows where that is smaller than a set of the drawn ones.
            let mut set = 21u64;
            if count > 5 {
                let mut power = 1u64;
                while power < 3 * u64::from(count) {
                    power *= 4;
                }
                set += power;
            }
            if u64::from(rows) > set {
                return picks(&mut words, rows, count, work, settle);
            }
            let mut fits = true;
            for step in 0..count {
                let (at, end) = (index(words.below(rows - step)), index(rows - step - 1));
                let row = work.list[at];
                work.swaps.push((at, end));
                work.list.swap(at, end);
                fits = settle(row, true);
                if !fits {
                    break;
                }
            }
            put_back(work);
            fits
        }
    }
}

fn put_back(work: &mut Work) {
    while let Some((one, other)) = work.swaps.pop() {
        work.list.swap(one, other);
    }
}

fn shuffle(
    words: &mut Machine,
    rows: u32,
    work: &mut Work,
    settle: &mut dyn FnMut(u32, u32) -> bool,
) -> bool {
    let mut fits = true;
    for last in (0..rows).rev() {
        let (at, end) = (if last == 0 { 0 } else { index(words.below(last + 1)) }, index(last));
        work.list.swap(at, end);
        work.swaps.push((at, end));
        fits = settle(last, work.list[end]);
        if !fits {
            break;
        }
    }
    put_back(work);
    fits
}

fn picks(
    words: &mut Machine,
    rows: u32,
    count: u32,
    work: &mut Work,
    settle: &mut dyn FnMut(u32, bool) -> bool,
) -> bool {
    let (mut found, mut fits) = (0, true);
    // A generator with a short period may never reach some row.
    let mut patience = 64 * u64::from(rows) + 64;
    while found < count && fits && patience > 0 {
        patience -= 1;
        let row = words.below(rows);
        if !std::mem::replace(&mut work.seen[index(row)], true) {
            work.marked.push(row);
            found += 1;
            fits = settle(row, true);
        }
    }
    while let Some(row) = work.marked.pop() {
        work.seen[index(row)] = false;
    }
    fits && found == count
}

/// A generator at work.
enum Machine {
    Java(u64),
    Python(Box<Twister>),
    Glibc { table: [u32; 31], front: usize, rear: usize },
    Msvc(u32),
}

const JAVA: u64 = 0x5_DEEC_E66D;
const BITS_48: u64 = (1 << 48) - 1;

fn low(word: u64) -> u32 {
    u32::try_from(word & u64::from(u32::MAX)).expect("32 bits")
}

impl Machine {
    fn new(engine: Engine, seed: u64) -> Self {
        match engine {
            Engine::Java => Self::Java((seed ^ JAVA) & BITS_48),
            Engine::Python => Self::Python(Box::new(Twister::new(seed))),
            Engine::Msvc => Self::Msvc(low(seed)),
            Engine::Glibc => {
                let mut table = [0; 31];
                // A seed of 0 counts as 1. The arithmetic is that of signed 32-bit words (Schrage).
                let mut word = i64::from(low(seed).cast_signed());
                word = if word == 0 { 1 } else { word };
                for place in &mut table {
                    *place = i32::try_from(word).expect("32 bits").cast_unsigned();
                    word = 16_807 * (word % 127_773) - 2836 * (word / 127_773);
                    word += if word < 0 { 2_147_483_647 } else { 0 };
                }
                let mut source = Self::Glibc { table, front: 3, rear: 0 };
                for _ in 0..310 {
                    source.word();
                }
                source
            }
        }
    }

    /// The next output: 31 bits of Java and glibc, 32 of Python, 15 of Microsoft.
    fn word(&mut self) -> u32 {
        match self {
            Self::Java(state) => {
                *state = state.wrapping_mul(JAVA).wrapping_add(11) & BITS_48;
                low(*state >> 17)
            }
            Self::Python(twister) => twister.word(),
            Self::Glibc { table, front, rear } => {
                table[*front] = table[*front].wrapping_add(table[*rear]);
                let word = table[*front] >> 1;
                (*front, *rear) = ((*front + 1) % 31, (*rear + 1) % 31);
                word
            }
            Self::Msvc(state) => {
                *state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
                *state >> 16 & 0x7fff
            }
        }
    }

    /// A number below a bound above 0, as programs of the language take it.
    fn below(&mut self, bound: u32) -> u32 {
        match self {
            Self::Java(_) if bound.is_power_of_two() => {
                low((u64::from(bound) * u64::from(self.word())) >> 31)
            }
            Self::Java(_) => loop {
                let bits = self.word();
                let value = bits % bound;
                // Java's own test, an overflow of a signed word.
                if u64::from(bits - value) + u64::from(bound) - 1 < 1 << 31 {
                    return value;
                }
            },
            Self::Python(twister) => {
                let width = u32::BITS - bound.leading_zeros();
                loop {
                    let value = twister.word() >> (32 - width);
                    if value < bound {
                        return value;
                    }
                }
            }
            Self::Glibc { .. } | Self::Msvc(_) => self.word() % bound,
        }
    }
}

/// MT19937.
struct Twister {
    table: [u32; 624],
    at: usize,
}

impl Twister {
    /// `init_by_array` with the 32-bit words of the seed, least first, as Python does.
    fn new(seed: u64) -> Self {
        let key = [low(seed), low(seed >> 32)];
        let key = if key[1] == 0 { &key[..1] } else { &key[..] };
        let mut table = [0u32; 624];
        table[0] = 19_650_218;
        let word = |place: usize| u32::try_from(place).expect("below 624");
        let mixed = |before: u32| before ^ before >> 30;
        for place in 1..624 {
            table[place] = mixed(table[place - 1]).wrapping_mul(1_812_433_253).wrapping_add(word(place));
        }
        let (mut place, mut turn) = (1, 0);
        for _ in 0..624 {
            table[place] = (table[place] ^ mixed(table[place - 1]).wrapping_mul(1_664_525))
                .wrapping_add(key[turn])
                .wrapping_add(word(turn));
            (place, turn) = (place + 1, (turn + 1) % key.len());
            if place == 624 {
                table[0] = table[623];
                place = 1;
            }
        }
        for _ in 0..623 {
            table[place] = (table[place] ^ mixed(table[place - 1]).wrapping_mul(1_566_083_941))
                .wrapping_sub(word(place));
            place += 1;
            if place == 624 {
                table[0] = table[623];
                place = 1;
            }
        }
        table[0] = 1 << 31;
        Self { table, at: 0 }
    }

    /// One word of the table is renewed for each word that is taken: most guesses need few.
    fn word(&mut self) -> u32 {
        let at = self.at;
        let (next, far) = ((at + 1) % 624, (at + 397) % 624);
        let joined = self.table[at] & 0x8000_0000 | self.table[next] & 0x7fff_ffff;
        let odd = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
        self.table[at] = self.table[far] ^ joined >> 1 ^ odd;
        self.at = next;
        let mut word = self.table[at];
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c_5680;
        word ^= word << 15 & 0xefc6_0000;
        word ^ word >> 18
    }
}
