//! Text that is put together from elements, line by line.

/// What a person sees of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What is in it belongs to what is around it.
    Plain,
    /// It stands on lines of its own.
    Block,
    /// The text in it is seen, character by character.
    Literal,
    /// It stands on lines of its own, and the text in it is seen. White space is one blank.
    Paragraph,
    /// The same with white space as it is.
    Listing,
    /// Nobody sees what is in it.
    Unseen,
    /// A note, which stands after the text.
    Note,
    /// It stands for these characters.
    Sign(&'static str),
}

/// The text so far, and the elements around the place that was reached.
#[derive(Default)]
pub struct Lines {
    text: String,
    notes: String,
    around: Vec<Role>,
    /// How many of them show text, keep white space, are notes.
    seen: usize,
    literal: usize,
    in_notes: usize,
    /// How many elements are open from the outermost on that is not seen.
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

    /// Text as it stands between two tags.
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

    /// Characters for an element, wherever it stands.
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

    /// The text, and after it the notes.
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

/// Not the spaces without a break, which authors put there.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
