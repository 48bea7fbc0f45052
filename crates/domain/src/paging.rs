//! Pages of lists: a place in an order, not a number of rows to skip.
//!
//! Not for cursors as clients see them: the API seals and opens those.

/// A place in an order: a sort key in text form and the id that breaks ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Sort key; times in microseconds since 1970.
    pub key: String,
    /// Id.
    pub id: String,
}

/// Where a page starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Start {
    /// At the beginning.
    #[default]
    First,
    /// After this place.
    After(Key),
    /// So that it ends before this place.
    Before(Key),
}

/// The page somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAsk {
    /// How many items at most.
    pub size: u32,
    /// From where.
    pub start: Start,
    /// Whether to count all items.
    pub count: bool,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The number.
    pub total: u64,
    /// Whether there are more.
    pub is_lower_bound: bool,
}

/// Counting stops here.
pub const COUNT_LIMIT: u32 = 10_000;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its items, in order.
    pub items: Vec<T>,
    /// The place of its last item, when there are more after it.
    pub next: Option<Key>,
    /// The place of its first item, when there are more before it.
    pub prev: Option<Key>,
    /// How many there are, when asked for.
    pub total: Option<Total>,
}

impl<T> Page<T> {
    /// Makes a page of what a query gave that read one item more than asked for, and in reverse
    /// when the page ends before a place.
    pub fn of(
        ask: &PageAsk,
        mut found: Vec<T>,
        total: Option<Total>,
        key: impl Fn(&T) -> Key,
    ) -> Self {
        let size = usize::try_from(ask.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let backwards = matches!(ask.start, Start::Before(_));
        if backwards {
            found.reverse();
        }
        let (before, after) = match ask.start {
            Start::First => (false, more),
            Start::After(_) => (true, more),
            Start::Before(_) => (more, true),
        };
        Self {
            next: found.last().filter(|_| after).map(&key),
            prev: found.first().filter(|_| before).map(&key),
            items: found,
            total,
        }
    }

    /// The same page of other items.
    ///
    /// # Errors
    /// The first error of `change`.
    pub fn try_map<U, E>(self, change: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: self
                .items
                .into_iter()
                .map(change)
                .collect::<Result<_, E>>()?,
            next: self.next,
            prev: self.prev,
            total: self.total,
        })
    }
}
