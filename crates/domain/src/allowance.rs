//! How many rows or lines something may still add: so many at once, and so many more each minute.
//!
//! For what strangers can cause without an account. Not for refusing anybody: what is beyond is summed up.

/// What is left.
#[derive(Debug, Clone)]
pub struct Allowance {
    most: u32,
    each_minute: u32,
    left: u32,
    minute: i64,
}

impl Allowance {
    /// `most` at once, and `each_minute` more with every minute up to that.
    pub fn new(most: u32, each_minute: u32) -> Self {
        Self {
            most,
            each_minute,
            left: most,
            minute: 0,
        }
    }

    /// Takes one in a minute, given as its number; false when nothing is left.
    pub fn take(&mut self, minute: i64) -> bool {
        let passed = u32::try_from(minute.saturating_sub(self.minute)).unwrap_or(0);
        if passed > 0 {
            let more = passed.saturating_mul(self.each_minute);
            self.left = self.left.saturating_add(more).min(self.most);
            self.minute = minute;
        }
        let taken = self.left > 0;
        self.left = self.left.saturating_sub(1);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::Allowance;

    #[test]
    fn so_many_at_once_and_then_so_many_a_minute() {
        let mut allowance = Allowance::new(3, 2);
        let mut taken = |minute| (0..10).filter(|_| allowance.take(minute)).count();
        assert_eq!(taken(100), 3);
        assert_eq!(taken(100), 0);
        assert_eq!(taken(101), 2);
        assert_eq!(taken(99), 0, "a clock that was set back gives nothing");
        assert_eq!(taken(200), 3, "never more than at the start");
    }
}
