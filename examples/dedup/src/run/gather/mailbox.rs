//! How are the mails of a mailbox kept? Each mail is made into a row.

use std::fs::File;
use std::path::Path;

use encoding_rs::UTF_8;
use rayon::prelude::*;

use super::{Gather, Stop};
use crate::read::mail;
use crate::read::mailbox::{Mail, Mailbox};
use crate::read::packing::Packing;
use crate::read::reason::ReasonKind;

/// Bytes of mails that are held at once.
const TOGETHER: usize = 16 << 20;

/// About the bytes that are held of a mail in addition to its content, with those of its page or rejection.
const EACH: usize = 512;

impl Gather<'_> {
    /// Reads the mails of a file. `named` is the packing according to the file's name.
    pub(super) fn mailbox(
        &mut self,
        path: &Path,
        file: File,
        named: Option<Packing>,
    ) -> Result<(), Stop> {
        let Some(from) = self.unpack(path, &file, named) else {
            return Ok(());
        };
        let name = super::name(path);
        let file = self.store.name(name.clone());
        let mut mailbox = Mailbox::new(from, self.limits.longest);
        let (mut some, mut bytes, mut count) = (Vec::new(), 0, 0);
        while let Some(mail) = mailbox.next() {
            count += 1;
            bytes += EACH + mail.content.as_ref().map_or(0, Vec::capacity);
            some.push(mail);
            if bytes > TOGETHER {
                self.take_mails(file, std::mem::take(&mut some))?;
                bytes = 0;
            }
        }
        self.take_mails(file, some)?;
        if count == 0 {
            let error = "no line in it starts a mail (`From`, a name and a time); read it as what it is with --as";
            self.reject(name, ReasonKind::Malformed.because(error));
        }
        Ok(())
    }

    fn take_mails(&mut self, file: u32, mails: Vec<Mail>) -> Result<(), Stop> {
        let pages = self.page_options();
        let read = mails.into_par_iter().map(|Mail { number, content }| {
            let page = content.and_then(|bytes| mail::read(&bytes, pages));
            (number, page)
        });
        for (number, page) in read.collect::<Vec<_>>() {
            match page {
                Ok(page) => {
                    self.encodings.add(UTF_8, false);
                    let id = format!("{}:{number}", self.store.files[file as usize]);
                    self.keep_page(file, Some(number as u32), id, &page)?;
                }
                Err(error) => self.reject_row(file, number - 1, error),
            }
        }
        self.check_memory()
    }
}
