//! What does a packed file hold, even if it is damaged? Everything before the damage, and everything from the next part on
//! that can be unpacked.

use std::io::{self, Read};

use super::packing::{Fault, FaultKind, Packing, Part, Progress, Step, TELLING, foreign};
use super::window::Window;

/// Number of bytes that must be unpacked from an apparent part after a damage. Packed text looks like the start of a part
/// once in 16 MB.
const BELIEVED: usize = 1 << 12;

/// Number of bytes that may be read again after damages, in addition to the number of bytes that were read once. So reading
/// a file costs at most twice its length plus this number.
const AGAIN: u64 = 32 << 20;

/// Number of apparent parts that may turn out not to be parts, and number of bytes that allow one more. To begin a part takes a hundred
/// times as long as to read its header, so a file of headers alone must not cost one attempt for each.
const FALSE_STARTS: u64 = 10_000;
const BYTES_PER_FALSE_START: u64 = 64;

/// The kind of the error after a part with a wrong checksum: the bytes before it are damaged. After other errors, they are sound.
pub const WRONG_CHECKSUM: io::ErrorKind = io::ErrorKind::InvalidData;

/// The bytes of a file, unpacked if they are packed.
///
/// An error is a break: the bytes after it do not continue the line before it. Reading continues after an error, and in the
/// end returns `Ok(0)`.
pub struct Unpack<R> {
    window: Window<R>,
    /// Maximum window of zstd, as a logarithm.
    look_back: u32,
    state: State,
    /// The first unpacked bytes of a part that was found after a damage, and the number of these bytes that were returned.
    held: Vec<u8>,
    given: usize,
    /// Number of bytes that were read again.
    again: u64,
    /// Number of apparent parts that were not parts.
    false_starts: u64,
    /// Remarks for the user that are not faults.
    pub notes: Vec<String>,
}

#[derive(Default)]
enum State {
    Plain,
    /// Before a part, or at the end.
    Between(Packing),
    Within(Inside),
    Damaged(Damage),
    #[default]
    Ended,
}

/// A part that was begun.
struct Inside {
    packing: Packing,
    part: Part,
    start: u64,
}

struct Damage {
    packing: Packing,
    /// Offset of the part in the file.
    start: u64,
    fault: Fault,
}

impl<R: Read> Unpack<R> {
    /// Looks at the first bytes. The error is a read error, or names the packing of the file if it cannot be unpacked here.
    pub fn new(from: R, look_back: u32) -> io::Result<Self> {
        let mut window = Window::new(from);
        let start = window.ahead(TELLING)?;
        if let Some(name) = foreign(start) {
            let error = format!("packed with {name}; unpack it first");
            return Err(io::Error::other(error));
        }
        let packing = Packing::detect(start);
        if let Some((packing, missing)) =
            packing.and_then(|packing| Some((packing, packing.missing()?)))
        {
            let error = format!("packed with {}: {}", packing.name(), missing.remedy());
            return Err(io::Error::other(error));
        }
        let state = packing.map_or(State::Plain, State::Between);
        Ok(Self {
            window,
            look_back,
            state,
            held: Vec::new(),
            given: 0,
            again: 0,
            false_starts: 0,
            notes: Vec::new(),
        })
    }

    /// How the file is packed. Call this before reading.
    pub fn packing(&self) -> Option<Packing> {
        match self.state {
            State::Between(packing) => Some(packing),
            _ => None,
        }
    }

    /// Whether the file is empty. Call this before reading.
    pub fn is_empty(&mut self) -> bool {
        self.window.ahead(1).is_ok_and(<[u8]>::is_empty)
    }

    /// Makes one step, and returns the number of bytes that it gave.
    fn advance(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self.state {
            State::Plain => self.window.read(to),
            State::Between(packing) => self.begin(packing).map(|()| 0),
            State::Within(_) => self.unpack(to),
            State::Damaged(_) | State::Ended => Ok(0),
        }
    }

    /// Starts the next part, if there is one.
    fn begin(&mut self, packing: Packing) -> io::Result<()> {
        let padding = self.pass_padding()?;
        let start = self.window.place();
        let ahead = self.window.ahead(TELLING)?;
        if ahead.is_empty() {
            if padding > 0 {
                let note = format!("{padding} zero bytes after the last {}", packing.part());
                self.notes.push(note);
            }
            self.state = State::Ended;
            return Ok(());
        }
        let part = if Packing::detect(ahead) == Some(packing) {
            Part::start(packing, self.look_back)
        } else {
            Err(Fault::damaged("it does not start as one"))
        };
        self.state = match part {
            Ok(part) => State::Within(Inside {
                packing,
                part,
                start,
            }),
            Err(fault) => State::Damaged(Damage {
                packing,
                start,
                fault,
            }),
        };
        Ok(())
    }

    /// Skips zero bytes, which fill the last block on tapes and disks.
    fn pass_padding(&mut self) -> io::Result<u64> {
        let mut padding = 0;
        loop {
            let ahead = self.window.ahead(1)?;
            let zeros = ahead.iter().take_while(|&&byte| byte == 0).count();
            if zeros == 0 {
                return Ok(padding);
            }
            self.window.take(zeros);
            padding += zeros as u64;
        }
    }

    /// Unpacks some bytes of the current part.
    fn unpack(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let State::Within(inside) = &mut self.state else {
            return Ok(0);
        };
        let (packing, start) = (inside.packing, inside.start);
        let (given, progress) = step(&mut self.window, &mut inside.part, to)?;
        match progress {
            Ok(Progress::On) => {}
            Ok(Progress::End) => self.state = State::Between(packing),
            Err(fault) => {
                self.state = State::Damaged(Damage {
                    packing,
                    start,
                    fault,
                });
            }
        }
        Ok(given)
    }

    /// Continues at the next part after a damage, if there is one. The returned error names both places.
    fn go_on(&mut self, damage: Damage) -> io::Error {
        let Damage {
            packing,
            start,
            fault,
        } = damage;
        let shown = self.window.place();
        let checksum = fault.kind == FaultKind::Checksum;
        if !checksum {
            self.back_to(start + 1);
        }
        let next = match self.find(packing) {
            Ok(Some(next)) if checksum => format!("went on at byte {next}"),
            Ok(Some(next)) => format!("lost what is up to byte {next}, where the next one starts"),
            Ok(None) => "nothing after it could be unpacked".into(),
            Err(error) => format!("could not be read any further: {error}"),
        };
        let part = packing.part();
        let error = &fault.error;
        if checksum {
            let problem = format!(
                "the {part} at byte {start} has another checksum ({error}), so any row of it may be damaged; {next}"
            );
            return io::Error::new(WRONG_CHECKSUM, problem);
        }
        let remedy = self.remedy(packing, fault.kind);
        io::Error::other(format!(
            "the {part} at byte {start} is damaged, which shows at byte {shown}: {error}{remedy}; {next}"
        ))
    }

    /// What the user can do about a part that takes too much memory.
    fn remedy(&self, packing: Packing, kind: FaultKind) -> String {
        let (bits, size) = (self.look_back, (1u64 << self.look_back) >> 20);
        let option = match packing {
            Packing::Xz => format!("xz --lzma2=dict={size}MiB"),
            Packing::Zstd | Packing::Gzip | Packing::Bzip2 => format!("zstd --long={bits}"),
        };
        match kind {
            FaultKind::Memory => {
                format!(" (its window is over {size} MB: pack it with {option} or less)")
            }
            FaultKind::Damaged | FaultKind::Checksum => String::new(),
        }
    }

    /// Goes back to a place, unless too many bytes were read again already.
    fn back_to(&mut self, place: u64) {
        let far = self.window.after(place);
        if self.again + far <= AGAIN + self.window.place() {
            self.again += far;
            self.window.back_to(place);
        }
    }

    /// The start of the next part that can be unpacked.
    fn find(&mut self, packing: Packing) -> io::Result<Option<u64>> {
        while self.window.seek(packing.magic())? {
            let start = self.window.place();
            if self.false_starts > FALSE_STARTS + start / BYTES_PER_FALSE_START {
                break;
            }
            if self.believe(packing, start)? {
                return Ok(Some(start));
            }
            self.false_starts += 1;
            self.back_to(start + 1);
        }
        Ok(None)
    }

    /// Unpacks the first bytes of an apparent part; false if it is not one.
    fn believe(&mut self, packing: Packing, start: u64) -> io::Result<bool> {
        let Ok(mut part) = Part::start(packing, self.look_back) else {
            return Ok(false);
        };
        self.held.resize(BELIEVED, 0);
        self.given = 0;
        let mut held = 0;
        while held < BELIEVED {
            let (given, progress) = step(&mut self.window, &mut part, &mut self.held[held..])?;
            held += given;
            match progress {
                Ok(Progress::On) => {}
                Ok(Progress::End) => {
                    self.held.truncate(held);
                    self.state = State::Between(packing);
                    return Ok(true);
                }
                Err(_) => {
                    self.held.clear();
                    return Ok(false);
                }
            }
        }
        self.state = State::Within(Inside {
            packing,
            part,
            start,
        });
        Ok(true)
    }

    /// Returns bytes that are held.
    fn give(&mut self, to: &mut [u8]) -> usize {
        let held = &self.held[self.given..];
        let some = held.len().min(to.len());
        to[..some].copy_from_slice(&held[..some]);
        self.given += some;
        some
    }
}

/// Makes one step of unpacking. If the file ends within a part, that is a fault.
fn step<R: Read>(
    window: &mut Window<R>,
    part: &mut Part,
    to: &mut [u8],
) -> io::Result<(usize, Result<Progress, Fault>)> {
    let from = window.ahead(1)?;
    let Step {
        taken,
        given,
        outcome,
    } = part.step(from, to);
    let stuck = taken == 0 && given == 0 && matches!(outcome, Ok(Progress::On));
    window.take(taken);
    let outcome = if stuck {
        Err(Fault::damaged("the file ends within it"))
    } else {
        outcome
    };
    Ok((given, outcome))
}

impl<R: Read> Read for Unpack<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        loop {
            let given = self.give(to);
            if given > 0 {
                return Ok(given);
            }
            if matches!(self.state, State::Damaged(_))
                && let State::Damaged(damage) = std::mem::take(&mut self.state)
            {
                return Err(self.go_on(damage));
            }
            match self.advance(to) {
                Ok(0) if matches!(self.state, State::Plain | State::Ended) => return Ok(0),
                Ok(0) => {}
                Ok(given) => return Ok(given),
                Err(error) => {
                    self.state = State::Ended;
                    return Err(error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    /// The text between the breaks, and the message of each break.
    fn read(packed: &[u8]) -> (Vec<String>, Vec<String>) {
        let mut unpack = Unpack::new(packed, 27).unwrap();
        let (mut pieces, mut breaks) = (vec![Vec::new()], Vec::new());
        let mut some = [0; 1000];
        loop {
            match unpack.read(&mut some) {
                Ok(0) => break,
                Ok(given) => pieces.last_mut().unwrap().extend_from_slice(&some[..given]),
                Err(error) => {
                    breaks.push(error.to_string());
                    pieces.push(Vec::new());
                }
            }
        }
        let text = |piece: Vec<u8>| String::from_utf8_lossy(&piece).into_owned();
        (pieces.into_iter().map(text).collect(), breaks)
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    fn zstd(text: &str) -> Vec<u8> {
        let mut packed = zstd::Encoder::new(Vec::new(), 3).unwrap();
        packed.include_checksum(true).unwrap();
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    /// Text that can hardly be compressed.
    fn text(seed: u64) -> String {
        let mut x = seed;
        let mut next = || {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(99);
            x >> 16
        };
        (0..20_000).map(|_| format!("{:x}\n", next())).collect()
    }

    fn xz(text: &str) -> Vec<u8> {
        let mut packed = liblzma::write::XzEncoder::new(Vec::new(), 1);
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    fn bzip2(text: &str) -> Vec<u8> {
        let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    const PACK: [fn(&str) -> Vec<u8>; 4] = [gzip, zstd, xz, bzip2];

    #[test]
    fn parts_follow_each_other_without_a_break() {
        let (a, b) = (text(1), text(2));
        for pack in PACK {
            let parts = [pack(&a), pack(""), pack(&b), vec![0; 512]].concat();
            assert_eq!(read(&parts), (vec![a.clone() + &b], vec![]));
        }
        let skipped = b"\x5A\x2A\x4D\x18\x03\0\0\0abc";
        let parts = [&skipped[..], &zstd(&a), skipped, &zstd(&b)].concat();
        assert_eq!(read(&parts).0, [a + &b]);
    }

    #[test]
    fn behind_a_damage_the_next_part_is_read_and_all_before_is_kept() {
        let (a, b, c) = (text(1), text(2), text(3));
        for pack in PACK {
            let parts = [pack(&a), pack(&b), pack(&c)];
            let mut damaged = parts.concat();
            let place = parts[0].len() + parts[1].len() / 2;
            damaged[place..place + 40].fill(0xFF);
            let (pieces, breaks) = read(&damaged);
            assert_eq!((pieces.len(), breaks.len()), (2, 1), "{breaks:?}");
            assert!(pieces[0].starts_with(&a) && pieces[0].len() > a.len() + b.len() / 3);
            assert_eq!(pieces[1], c);
            let next = parts[0].len() + parts[1].len();
            assert!(
                breaks[0].contains(&format!("byte {},", next))
                    || breaks[0].contains(&format!("byte {next}")),
                "{breaks:?}"
            );
        }
    }

    #[test]
    fn a_cut_part_and_what_is_no_part_are_told() {
        let a = text(1);
        for pack in PACK {
            let whole = pack(&a);
            let (pieces, breaks) = read(&whole[..whole.len() * 2 / 3]);
            assert!(a.starts_with(&pieces[0]) && pieces[0].len() > a.len() / 3);
            assert!(breaks[0].contains("ends within it"), "{breaks:?}");
            let (pieces, breaks) = read(&[&whole[..], b"garbage", &whole].concat());
            assert_eq!(pieces, [a.clone(), a.clone()]);
            assert!(breaks[0].contains("does not start as one"), "{breaks:?}");
            let (pieces, breaks) = read(&[&whole[..], b"garbage"].concat());
            assert_eq!((pieces, breaks.len()), (vec![a.clone(), String::new()], 1));
        }
    }

    #[test]
    fn a_wrong_checksum_is_told_and_the_rows_are_there() {
        let (a, b) = (text(1), text(2));
        for (pack, after) in [(gzip as fn(&str) -> Vec<u8>, 6), (zstd, 2)] {
            let mut first = pack(&a);
            let place = first.len() - after;
            first[place] ^= 1;
            let (pieces, breaks) = read(&[first, pack(&b)].concat());
            assert_eq!(pieces, [a.clone(), b.clone()]);
            assert!(breaks[0].contains("checksum"), "{breaks:?}");
        }
    }

    #[test]
    fn starts_of_parts_that_are_none_cost_no_more_than_their_length() {
        // Each part is a header with a name that reaches to the end of the file.
        let time = |count: usize| {
            let heads = b"\x1F\x8B\x08\x08\x01\x01\x01\x01\x01\x01".repeat(count);
            let started = std::time::Instant::now();
            let (pieces, breaks) = read(&heads);
            assert_eq!((pieces.concat(), breaks.len()), (String::new(), 1));
            started.elapsed()
        };
        // Four times the input takes four times as long. It would take sixteen times as long if each header were compared
        // with all others.
        let [some, all] = [100_000, 400_000].map(time);
        assert!(all < 10 * some, "{some:?}, {all:?}");
    }
}
