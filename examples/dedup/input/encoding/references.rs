//! Which characters did an encoding not have, so that a text has their numbers instead? Python (`xmlcharrefreplace`) and browsers
//! write `&#32675;` for them.

use std::borrow::Cow;

use encoding_rs::Encoding;
use memchr::memmem;

/// The text with those characters. A number of a character that the encoding has was meant as it stands.
pub fn restored<'t>(text: Cow<'t, str>, encoding: &'static Encoding) -> Cow<'t, str> {
    let mut out = String::new();
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), START) {
        if let Some((c, end)) = reference(&text, at).filter(|&(c, _)| lacks(encoding, c)) {
            out.push_str(&text[done..at]);
            out.push(c);
            done = end;
        }
    }
    if done == 0 {
        return text;
    }
    out.push_str(&text[done..]);
    out.into()
}

const START: &str = "&#";

/// The character whose number stands at a place, and where it ends.
fn reference(text: &str, at: usize) -> Option<(char, usize)> {
    let number = &text[at + START.len()..];
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    if number.as_bytes().get(digits) != Some(&b';') {
        return None;
    }
    let c = char::from_u32(number[..digits].parse().ok()?)?;
    Some((c, at + START.len() + digits + 1))
}

fn lacks(encoding: &'static Encoding, c: char) -> bool {
    let (_, _, unmappable) = encoding.encode(c.encode_utf8(&mut [0; 4]));
    unmappable
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, GB18030};

    #[test]
    fn numbers_of_characters_that_the_encoding_lacks_become_characters() {
        let text = "一&#21475;&#32675;&#160;人 &#; &#x4E2D; &#99999999999; &#55296; &#32675";
        let expected = "一&#21475;羣\u{A0}人 &#; &#x4E2D; &#99999999999; &#55296; &#32675";
        assert_eq!(restored(text.into(), BIG5), expected);
        assert_eq!(restored(text.into(), GB18030), text);
    }
}
