//! Matches by sets of positions: where a part may start gives where it may end.

use super::Node;

/// How many positions one match may touch.
const MAX_WORK: usize = 50_000_000;

/// Whether the whole text matches.
pub(super) fn matches(node: &Node, text: &[char]) -> Result<bool, String> {
    let mut run = Run { text, work: 0 };
    Ok(run.ends(node, vec![0])?.last() == Some(&text.len()))
}

struct Run<'a> {
    text: &'a [char],
    work: usize,
}

impl Run<'_> {
    /// Where a match of `node` ends that starts at any of `starts`. Both are in order and without duplicates.
    fn ends(&mut self, node: &Node, starts: Vec<usize>) -> Result<Vec<usize>, String> {
        self.work += starts.len() + 1;
        if self.work > MAX_WORK {
            return Err("the match takes too much work".to_owned());
        }
        if starts.is_empty() {
            return Ok(starts);
        }
        let length = self.text.len();
        Ok(match node {
            Node::One(set) => {
                let fits = |at: &usize| self.text.get(*at).is_some_and(|c| set.contains(*c));
                starts.into_iter().filter(fits).map(|at| at + 1).collect()
            }
            Node::Anything => (starts[0]..=length).collect(),
            Node::Nothing => Vec::new(),
            Node::Concat(parts) => {
                let mut ends = starts;
                for part in parts {
                    ends = self.ends(part, ends)?;
                }
                ends
            }
            Node::Union(branches) => {
                let mut ends = Vec::new();
                for branch in branches {
                    ends.extend(self.ends(branch, starts.clone())?);
                }
                sorted(ends)
            }
            Node::Both(left, right) => self.each(starts, |run, start| {
                let right = run.ends(right, vec![start])?;
                let both = |end: &usize| right.binary_search(end).is_ok();
                Ok(run.ends(left, vec![start])?.into_iter().filter(both).collect())
            })?,
            Node::AllBut(inner) => self.each(starts, |run, start| {
                let not = run.ends(inner, vec![start])?;
                run.work += length - start;
                Ok((start..=length).filter(|end| not.binary_search(end).is_err()).collect())
            })?,
            Node::Repeat { node, min, max } => self.repeat(node, *min, *max, starts)?,
            Node::Interval { min, max, digits } => {
                self.each(starts, |run, start| Ok(run.interval(start, *min, *max, *digits)))?
            }
        })
    }

    fn each(
        &mut self,
        starts: Vec<usize>,
        mut ends: impl FnMut(&mut Self, usize) -> Result<Vec<usize>, String>,
    ) -> Result<Vec<usize>, String> {
        let mut all = Vec::new();
        for start in starts {
            all.extend(ends(self, start)?);
        }
        Ok(sorted(all))
    }

    fn repeat(&mut self, node: &Node, min: u32, max: Option<u32>, starts: Vec<usize>) -> Result<Vec<usize>, String> {
        let mut ends = starts;
        for _ in 0..min {
            let next = self.ends(node, ends.clone())?;
            // Nothing is left, or no round changes anything any more.
            if next.is_empty() || next == ends {
                ends = next;
                break;
            }
            ends = next;
        }
        if max.is_some_and(|max| max < min) {
            return Ok(Vec::new());
        }
        if let (Node::One(set), None) = (node, max) {
            return Ok(self.run_of(set, &ends));
        }
        let mut seen = vec![false; self.text.len() + 1];
        ends.iter().for_each(|end| seen[*end] = true);
        let mut frontier = ends;
        let mut rounds = max.map(|max| max - min);
        while !frontier.is_empty() && rounds != Some(0) {
            rounds = rounds.map(|rounds| rounds - 1);
            frontier = self.ends(node, frontier)?;
            frontier.retain(|end| !std::mem::replace(&mut seen[*end], true));
        }
        Ok((0..seen.len()).filter(|end| seen[*end]).collect())
    }

    /// Any number of characters of a set, in one pass.
    fn run_of(&mut self, set: &super::Set, starts: &[usize]) -> Vec<usize> {
        let mut starts = starts.iter().copied().peekable();
        let mut ends = Vec::new();
        let mut open = false;
        for at in starts.peek().copied().unwrap_or(self.text.len() + 1)..=self.text.len() {
            self.work += 1;
            open |= starts.next_if_eq(&at).is_some();
            if open {
                ends.push(at);
                open = self.text.get(at).is_some_and(|c| set.contains(*c));
            }
        }
        ends
    }

    fn interval(&mut self, start: usize, min: u32, max: u32, digits: Option<usize>) -> Vec<usize> {
        let mut number = 0_u64;
        let mut ends = Vec::new();
        for (count, c) in self.text[start..].iter().enumerate() {
            let Some(digit) = c.to_digit(10) else { break };
            self.work += 1;
            number = number.saturating_mul(10).saturating_add(u64::from(digit));
            let fits = digits.is_none_or(|digits| digits == count + 1);
            if fits && (u64::from(min)..=u64::from(max)).contains(&number) {
                ends.push(start + count + 1);
            }
        }
        ends
    }
}

fn sorted(mut positions: Vec<usize>) -> Vec<usize> {
    positions.sort_unstable();
    positions.dedup();
    positions
}
