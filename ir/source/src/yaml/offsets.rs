//! From the event parser's positions, counted in characters, to bytes of the file.

/// Characters between two remembered positions.
const STRIDE: usize = 64;

/// Knows the byte offset of every character.
pub(super) struct Offsets<'a> {
    text: &'a str,
    /// Byte offset in the file of the text's first character.
    base: usize,
    /// Byte offsets of every `STRIDE`th character; empty for ASCII, where characters are bytes.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    /// The positions of `text`, which starts at byte `base` of the file.
    pub(super) fn new(text: &'a str, base: usize) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(|(byte, _)| byte).collect()
        };
        Self { text, base, marks }
    }

    /// The byte offset in the file of character `index`; the end of the text for anything behind it.
    pub(super) fn byte(&self, index: usize) -> usize {
        let end = self.text.len();
        if self.marks.is_empty() {
            return self.base + index.min(end);
        }
        let Some(&mark) = self.marks.get(index / STRIDE) else { return self.base + end };
        let rest = self.text[mark..].char_indices().nth(index % STRIDE);
        self.base + rest.map_or(end, |(byte, _)| mark + byte)
    }
}
