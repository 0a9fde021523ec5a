//! Which intermediate results are kept, so that a killed run can be continued? One file for each completed stage.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use reprint::Checkpoints;
use reprint::report::Stage;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::records::Records;
use crate::run::failure::Failure;
use crate::store::Store;

/// The run that the states belong to. Another run may continue from them only if all of this is equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The version of this program.
    pub version: String,
    /// All settings that decide the result.
    pub settings: String,
    /// A hash of all documents in their order.
    pub input: String,
}

/// The files of the states in one folder.
pub struct States {
    folder: PathBuf,
    /// The run that the states belong to; each file starts with it.
    mark: OnceLock<Mark>,
    /// The first error in saving a state.
    failed: OnceLock<io::Error>,
}

const MARK: &str = "run.json";

impl States {
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            mark: OnceLock::new(),
            failed: OnceLock::new(),
        }
    }

    /// The run that the existing states belong to, if there are any.
    pub fn mark(&self) -> Option<Mark> {
        let json = fs::read(self.folder.join(MARK)).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// The completed stages.
    pub fn done(&self) -> Vec<Stage> {
        let exists = |stage: &Stage| self.file(*stage).exists();
        Stage::ALL.iter().copied().filter(exists).collect()
    }

    /// Starts from the beginning, for the run of this mark.
    pub fn begin(&self, mark: &Mark) -> io::Result<()> {
        self.forget();
        let _ = self.mark.set(mark.clone());
        fs::write(self.folder.join(MARK), serde_json::to_vec(mark)?)
    }

    /// Continues from the existing states, if they belong to the run of this mark.
    pub fn resume(&self, mark: &Mark) -> Result<(), Failure> {
        let of = self.mark();
        let differs = match of {
            Some(of) if of == *mark => {
                let _ = self.mark.set(of);
                return Ok(());
            }
            Some(of) if of.version != mark.version => "was of another version of the program",
            Some(of) if of.settings != mark.settings => "had other settings",
            _ => "had other input",
        };
        Err(Failure::OtherRun(differs))
    }

    /// Removes all states.
    pub fn forget(&self) {
        let states = Stage::ALL.iter().map(|&stage| self.file(stage));
        for file in states.chain([self.folder.join(MARK)]) {
            // An error is ignored: a missing file is as good as a removed one.
            let _ = fs::remove_file(file);
        }
    }

    /// Why a state could not be saved, if there was an error.
    pub fn failed(&self) -> Option<&io::Error> {
        self.failed.get()
    }

    fn file(&self, stage: Stage) -> PathBuf {
        self.folder.join(format!("{stage}.state"))
    }

    /// Writes a temporary file first and renames it, so that a file with the final name is complete.
    fn write<H: Serialize, R: Serialize>(
        &self,
        stage: Stage,
        head: &H,
        rows: &[R],
    ) -> io::Result<()> {
        let unfinished = self.folder.join(UNFINISHED);
        let written = File::create(&unfinished).and_then(|file| {
            let mut out = Records::new(BufWriter::with_capacity(1 << 18, file));
            out.put(&self.mark.get())?;
            out.put(&rows.len())?;
            out.put(head)?;
            rows.iter().try_for_each(|row| out.put(row))?;
            out.end()
        });
        match written {
            Ok(()) => fs::rename(unfinished, self.file(stage)),
            Err(error) => {
                let _ = fs::remove_file(unfinished);
                Err(error)
            }
        }
    }

    fn read<H: DeserializeOwned, R: DeserializeOwned>(&self, stage: Stage) -> Option<(H, Vec<R>)> {
        let file = File::open(self.file(stage)).ok()?;
        let mut from = Records::new(BufReader::with_capacity(1 << 18, file));
        let mark: Option<Mark> = from.take()?;
        if mark.as_ref() != self.mark.get() {
            return None;
        }
        let count: usize = from.take()?;
        let head = from.take()?;
        let rows = (0..count)
            .map(|_| from.take())
            .collect::<Option<Vec<R>>>()?;
        from.was_whole().then_some((head, rows))
    }
}

/// Name of the temporary file. A killed run may leave it.
pub const UNFINISHED: &str = "unfinished.state";

impl Checkpoints for States {
    fn load<H: DeserializeOwned, R: DeserializeOwned>(&self, stage: Stage) -> Option<(H, Vec<R>)> {
        self.read(stage)
    }

    fn save<H: Serialize, R: Serialize>(&self, stage: Stage, head: &H, rows: &[R]) {
        if let Err(error) = self.write(stage, head, rows) {
            // Only the first failure is reported.
            let _ = self.failed.set(error);
        }
    }
}

/// States of documents that have not changed. If one has changed, no more states are saved.
pub struct OnlyIfUnchanged<'r> {
    pub states: &'r States,
    pub store: &'r Store,
}

impl Checkpoints for OnlyIfUnchanged<'_> {
    fn load<H: DeserializeOwned, R: DeserializeOwned>(&self, stage: Stage) -> Option<(H, Vec<R>)> {
        self.states.load(stage)
    }

    fn save<H: Serialize, R: Serialize>(&self, stage: Stage, head: &H, rows: &[R]) {
        if self.store.check().is_ok() {
            self.states.save(stage, head, rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written_and_a_damaged_one_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let states = States::in_folder(folder.path());
        let rows = vec![("字".to_owned(), 7_u64), ("b".to_owned(), u64::MAX)];
        states.save(Stage::Sign, &3_usize, &rows);
        assert_eq!(states.done(), [Stage::Sign]);
        assert_eq!(states.load(Stage::Sign), Some((3_usize, rows)));
        assert_eq!(states.load::<usize, u8>(Stage::Search), None);

        let file = states.file(Stage::Sign);
        let whole = fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged).unwrap();
            assert_eq!(
                states.load::<usize, (String, u64)>(Stage::Sign),
                None,
                "{at}"
            );
            fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(
                states.load::<usize, (String, u64)>(Stage::Sign),
                None,
                "{at}"
            );
        }
    }

    #[test]
    fn states_of_another_run_are_refused_and_of_the_same_one_taken() {
        let folder = tempfile::tempdir().unwrap();
        let states = States::in_folder(folder.path());
        let mark = Mark {
            version: "1".into(),
            settings: "s".into(),
            input: "i".into(),
        };
        states.begin(&mark).unwrap();
        states.save(Stage::Sign, &(), &[1_u8]);
        assert!(states.resume(&mark).is_ok());
        let other = Mark {
            input: "j".into(),
            ..mark.clone()
        };
        assert!(states.resume(&other).is_err());
        states.begin(&mark).unwrap();
        assert!(states.done().is_empty());
    }

    #[test]
    fn no_state_is_saved_of_documents_that_were_changed_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let states = &States::in_folder(folder.path());
        let input = folder.path().join("rows.jsonl");
        fs::write(&input, "{}\n").unwrap();
        let mut store = Store::default();
        let file = File::open(&input).unwrap();
        store.sources.open(&input, &file).unwrap();
        let sound = OnlyIfUnchanged {
            states,
            store: &store,
        };
        sound.save(Stage::Sign, &(), &[1_u8]);
        assert_eq!(states.done(), [Stage::Sign]);
        fs::write(&input, "").unwrap();
        sound.save(Stage::Search, &(), &[1_u8]);
        assert_eq!(states.done(), [Stage::Sign]);
    }
}
