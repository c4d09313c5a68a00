//! Places in source files.

/// A file of a [`SourceMap`](crate::SourceMap), by its index there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// The first id of shared files; no compilation has as many of its own.
    const SHARED: u32 = 1 << 31;

    /// The shared file of that place among those shared.
    pub fn shared(index: usize) -> Self {
        Self(Self::SHARED + index as u32)
    }

    /// The place of a shared file among those shared.
    pub fn shared_index(self) -> Option<usize> {
        self.0.checked_sub(Self::SHARED).map(|index| index as usize)
    }
}

/// A half-open range of bytes in one source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end as u32 }
    }

    /// From the start of `self` to the end of `other`, which must be of the same file.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Self { end: other.end.max(self.end), ..self }
    }
}

/// A value with the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub node: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `node`, written at `span`.
    pub fn new(node: T, span: Span) -> Self {
        Self { node, span }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.node
    }
}
