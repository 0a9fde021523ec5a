//! How is text put together from elements, line by line?

/// How an element is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its content is shown as a part of the element around it.
    Plain,
    /// It is shown on separate lines.
    Block,
    /// The text in it is shown, character by character.
    Literal,
    /// It is shown on separate lines, with its text. A run of white space is shown as one blank.
    Paragraph,
    /// As `Paragraph`, but white space is kept.
    Listing,
    /// Nothing in it is shown.
    Unseen,
    /// A note, which is placed after the text.
    Note,
    /// It is shown as these characters.
    Sign(&'static str),
}

/// The text so far, and the elements that are open at this point.
#[derive(Default)]
pub struct Lines {
    text: String,
    notes: String,
    around: Vec<Role>,
    /// The numbers of open elements that show text, that keep white space, and that are notes.
    seen: usize,
    literal: usize,
    in_notes: usize,
    /// Number of open elements from the outermost `Unseen` one inwards.
    unseen: usize,
}

impl Lines {
    pub fn start(&mut self, role: Role) {
        if self.unseen > 0 || role == Role::Unseen {
            self.unseen += 1;
            return;
        }
        self.count(role, |count| *count += 1);
        self.around.push(role);
        match role {
            Role::Sign(sign) => self.sign(sign),
            role if role.has_lines() => self.end_line(),
            _ => {}
        }
    }

    pub fn end(&mut self) {
        if self.unseen > 0 {
            self.unseen -= 1;
            return;
        }
        let Some(role) = self.around.pop() else {
            return;
        };
        if role.has_lines() {
            self.end_line();
        }
        self.count(role, |count| *count = count.saturating_sub(1));
    }

    fn count(&mut self, role: Role, change: impl Fn(&mut usize)) {
        match role {
            Role::Paragraph => change(&mut self.seen),
            Role::Literal | Role::Listing => {
                change(&mut self.seen);
                change(&mut self.literal);
            }
            Role::Note => change(&mut self.in_notes),
            Role::Plain | Role::Block | Role::Unseen | Role::Sign(_) => {}
        }
    }

    /// Adds the text between two tags.
    pub fn text(&mut self, text: &str) {
        if self.seen == 0 || self.unseen > 0 {
            return;
        }
        let is_literal = self.literal > 0;
        let to = self.place();
        if is_literal {
            to.push_str(text);
            return;
        }
        for c in text.chars() {
            match is_space(c) {
                false => to.push(c),
                true if to.is_empty() || to.ends_with(is_space) => {}
                true => to.push(' '),
            }
        }
    }

    /// Adds the characters of an element, whether or not text is shown around it.
    fn sign(&mut self, sign: &str) {
        self.place().push_str(sign);
    }

    fn place(&mut self) -> &mut String {
        match self.in_notes {
            0 => &mut self.text,
            _ => &mut self.notes,
        }
    }

    fn end_line(&mut self) {
        let text = self.place();
        text.truncate(text.trim_end_matches([' ', '\t']).len());
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }

    /// The text, followed by the notes.
    pub fn finish(mut self) -> String {
        if !self.notes.is_empty() {
            self.in_notes = 0;
            self.end_line();
            self.text.push_str(&self.notes);
        }
        self.text.trim().to_owned()
    }
}

impl Role {
    fn has_lines(self) -> bool {
        matches!(
            self,
            Self::Block | Self::Paragraph | Self::Listing | Self::Note
        )
    }
}

/// Whether a character is white space. No-break spaces are not, because authors set them on purpose.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
