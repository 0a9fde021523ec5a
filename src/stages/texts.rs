//! Which facts about each text are kept for the search and the judging? They are in memory while there is room, then in a file.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::error::Error;
use crate::facts::{Remembered, Sketch};
use crate::normalize::Shift;
use crate::signature::{Sample, Seed, mix};
use crate::tables::{Heap, List, Lists, Place, Scratch};

/// Maximum bytes of folded texts in memory. After that, folded texts go to a file.
const HELD_FOLDED: usize = 1 << 20;

/// Number of texts read last that are cached, 1.5 kB each. The judging of a pair reads its neighbours again and again.
const RECENT: usize = 1 << 11;

/// Bytes that a held text takes in addition to its lists.
const HELD_BESIDE: usize = 96;

/// The remembered facts about all texts. Facts that can't be read are treated as empty, and the error is noted. [`check`](Self::check)
/// returns the error when a stage is done.
#[derive(Debug, Default)]
pub(crate) struct RememberedTexts {
    held: Held,
    files: Option<Files>,
    failure: OnceLock<Error>,
}

/// The texts in memory.
#[derive(Debug, Default)]
struct Held {
    texts: Vec<HeldText>,
    slots: Lists<u32>,
    folded: Vec<Box<str>>,
    /// Bytes of the folded texts.
    folded_bytes: usize,
    /// Bytes of everything else.
    bytes: usize,
}

#[derive(Debug, Default)]
struct HeldText {
    slots: List,
    sample: Sample,
    shifts: Box<[Shift]>,
}

/// The texts on disk.
#[derive(Debug)]
struct Files {
    folded: Heap,
    texts: Heap,
    recent: Recent,
}

/// Cache of the texts that were read last.
#[derive(Debug)]
struct Recent(Vec<Mutex<Option<LastRead>>>);

/// A text that was read, with its place.
type LastRead = (Place, Arc<Remembered>);

/// The remembered facts about one text.
#[derive(Clone, Debug)]
pub(crate) enum Recalled<'r> {
    Held {
        slots: &'r [u32],
        sample: &'r Sample,
        shifts: &'r [Shift],
    },
    Read(Arc<Remembered>),
}

impl Recalled<'_> {
    /// The signature.
    pub(crate) fn slots(&self) -> &[u32] {
        match self {
            Self::Held { slots, .. } => slots,
            Self::Read(read) => &read.slots,
        }
    }

    pub(crate) fn sample(&self) -> &Sample {
        match self {
            Self::Held { sample, .. } => sample,
            Self::Read(read) => &read.sample,
        }
    }

    /// The phrases that changed the length of the text when it was folded.
    pub(crate) fn shifts(&self) -> &[Shift] {
        match self {
            Self::Held { shifts, .. } => shifts,
            Self::Read(read) => &read.shifts,
        }
    }
}

/// Collects the facts about texts. Texts may come in any order and from any thread.
#[derive(Debug)]
pub(crate) struct TextWriter {
    held: Mutex<(Held, Lists<Seed>)>,
    files: Option<Files>,
    /// Maximum bytes in memory, without the folded texts.
    room: usize,
    failure: OnceLock<Error>,
}

impl TextWriter {
    /// Without `scratch`, all texts are held in memory. Otherwise there is room in memory for what is left of the limit after the `other`
    /// bytes that the run needs for other things.
    pub(crate) fn new(scratch: Option<&Scratch>, other: usize) -> Self {
        let files = scratch.map(|scratch| Files {
            folded: scratch.heap("folded texts"),
            texts: scratch.heap("texts"),
            recent: Recent::new(),
        });
        Self {
            held: Mutex::default(),
            files,
            // Half only: the search needs as much memory again.
            room: scratch.map_or(usize::MAX, |scratch| {
                scratch.bytes.saturating_sub(other) / 2
            }),
            failure: OnceLock::new(),
        }
    }

    /// Keeps the folded form of a text: in memory first, then on disk if there is a `scratch`.
    pub(crate) fn keep_folded(&self, folded: &str) -> Place {
        if let Some(files) = &self.files {
            let is_spilled = {
                let mut held = self.held();
                held.0.folded_bytes += folded.len();
                held.0.folded_bytes > HELD_FOLDED
            };
            // If the text can't be written, for example because the volume is full, it stays in memory.
            if is_spilled && let Ok(place) = files.folded.push(folded.as_bytes()) {
                return place;
            }
        }
        let mut held = self.held();
        held.0.folded.push(folded.into());
        Place::held(held.0.folded.len() - 1)
    }

    /// Keeps the sketch of a text with its signature and its seeds. The returned list is that of the seeds; it is empty if they are on
    /// disk.
    pub(crate) fn keep(&self, sketch: &mut Sketch, slots: &[u32], seeds: &[Seed]) -> (Place, List) {
        let (sample, shifts) = (&sketch.sample, &sketch.shifts);
        let bytes = size_of_val(slots) + size_of_val(seeds) + sample.bytes() + HELD_BESIDE;
        {
            let mut held = self.held();
            if held.0.bytes.saturating_add(bytes) <= self.room || self.files.is_none() {
                held.0.bytes += bytes;
                let text = HeldText {
                    slots: held.0.slots.push(slots),
                    sample: std::mem::take(&mut sketch.sample),
                    shifts: std::mem::take(&mut sketch.shifts),
                };
                held.0.texts.push(text);
                return (Place::held(held.0.texts.len() - 1), held.1.push(seeds));
            }
        }
        let mut record = Vec::new();
        Remembered::write(slots, sample, shifts, seeds, &mut record);
        let pushed = self.files.as_ref().map(|files| files.texts.push(&record));
        let place = match pushed {
            Some(Ok(place)) => place,
            Some(Err(error)) => {
                let _ = self.failure.set(error);
                Place::default()
            }
            None => Place::default(),
        };
        (place, List::default())
    }

    fn held(&self) -> MutexGuard<'_, (Held, Lists<Seed>)> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All remembered texts, and the seeds of those in memory.
    pub(crate) fn finish(self) -> Result<(RememberedTexts, Lists<Seed>), Error> {
        if let Some(error) = self.failure.into_inner() {
            return Err(error);
        }
        if let Some(files) = &self.files {
            // A folded text that is missing is folded again, so this error does not matter.
            let _ = files.folded.flush();
            files.texts.flush()?;
        }
        let (held, seeds) = self
            .held
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let texts = RememberedTexts {
            held,
            files: self.files,
            failure: OnceLock::new(),
        };
        Ok((texts, seeds))
    }
}

impl RememberedTexts {
    /// A writer that already holds these texts and their seeds, and that takes more texts.
    pub(crate) fn reopen(
        self,
        seeds: Lists<Seed>,
        scratch: Option<&Scratch>,
        other: usize,
    ) -> TextWriter {
        let writer = TextWriter::new(scratch, other);
        TextWriter {
            held: Mutex::new((self.held, seeds)),
            files: self.files.or(writer.files),
            room: writer.room,
            failure: self.failure,
        }
    }

    /// Forgets all texts in memory except those at these places. Their places change.
    pub(crate) fn retain<'p>(&mut self, places: impl Iterator<Item = &'p mut Place>) {
        let mut kept = Vec::new();
        for place in places {
            if let Some(text) = place.number().and_then(|at| self.held.texts.get_mut(at)) {
                kept.push(std::mem::take(text));
                *place = Place::held(kept.len() - 1);
            }
        }
        self.held.texts = kept;
        let lists = self.held.texts.iter_mut().map(|text| &mut text.slots);
        self.held.slots.retain(lists, |_| true);
    }

    /// Is the text in memory?
    pub(crate) fn is_held(&self, place: Place) -> bool {
        place.number().is_some()
    }

    /// Forgets the samples of the texts in memory. They are needed only for the search and the judging.
    pub(crate) fn forget_samples(&mut self) {
        for text in &mut self.held.texts {
            text.sample.forget_all();
        }
    }

    /// The remembered facts about the text at a place.
    pub(crate) fn recall(&self, place: Place) -> Recalled<'_> {
        match place.number() {
            Some(at) => self.held.texts.get(at).map_or_else(
                || Recalled::Read(Arc::default()),
                |text| Recalled::Held {
                    slots: self.held.slots.get(text.slots),
                    sample: &text.sample,
                    shifts: &text.shifts,
                },
            ),
            None => Recalled::Read(self.recent(place)),
        }
    }

    /// As [`recall`](Self::recall), for one pass over all texts. It bypasses the cache, because a pass reads no text twice.
    pub(crate) fn recall_once(&self, place: Place) -> Recalled<'_> {
        match place.number() {
            Some(_) => self.recall(place),
            None => Recalled::Read(Arc::new(self.read(place).unwrap_or_default())),
        }
    }

    fn recent(&self, place: Place) -> Arc<Remembered> {
        let read = || Arc::new(self.read(place).unwrap_or_default());
        match &self.files {
            Some(files) => files.recent.get(place, read),
            None => read(),
        }
    }

    fn read(&self, place: Place) -> Option<Remembered> {
        let record = self.record(place)?;
        Remembered::read(&record)
    }

    /// The seeds of a text that is on disk.
    pub(crate) fn seeds(&self, place: Place) -> Vec<Seed> {
        let record = self.record(place).unwrap_or_default();
        Remembered::read_seeds(&record).unwrap_or_default()
    }

    fn record(&self, place: Place) -> Option<Vec<u8>> {
        let record = self.files.as_ref()?.texts.get(place);
        record.map_err(|error| self.failure.set(error)).ok()
    }

    /// The folded text at a place, from memory or disk. `None` where it can't be read as it was written.
    pub(crate) fn folded(&self, place: Place) -> Option<Cow<'_, str>> {
        match place.number() {
            Some(at) => self.held.folded.get(at).map(|text| text.as_ref().into()),
            None => {
                let bytes = self.files.as_ref()?.folded.get(place).ok()?;
                String::from_utf8(bytes).ok().map(Cow::from)
            }
        }
    }

    /// Fails where some facts could not be read.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.failure.get().cloned().map_or(Ok(()), Err)
    }
}

impl Recent {
    fn new() -> Self {
        Self((0..RECENT).map(|_| Mutex::default()).collect())
    }

    fn get(&self, place: Place, read: impl FnOnce() -> Arc<Remembered>) -> Arc<Remembered> {
        let at = mix(place.start()) as usize % RECENT;
        let mut recent = self.0[at].lock().unwrap_or_else(PoisonError::into_inner);
        match &*recent {
            Some((of, text)) if *of == place => Arc::clone(text),
            _ => {
                let text = read();
                *recent = Some((place, Arc::clone(&text)));
                text
            }
        }
    }
}
