//! `split_user`: `DOMAIN\user`, of which one column holds the domain and another the name.
//!
//! The first backslash parts them; a user without one has no domain. A pattern with exactly one backslash is a pattern
//! of each side. In a pattern with none, a wildcard covers the backslash, or there is no domain.
//!
//! Where the SIEM keeps the name alone, only the end of a user can be told.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Case, Logic, Mapped, Part, Pattern, Predicate, Refusal, Scalar, Shape, Test};

#[derive(Debug)]
pub(crate) struct SplitUser {
    /// None where the SIEM keeps the name alone.
    pub(crate) domain: Option<Place>,
    pub(crate) name: Place,
}

impl SplitUser {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let (pattern, case) = match leaf.test {
            Test::Text { pattern, case } => (pattern, *case),
            Test::Exists(_) => return Ok(leaf.same(&self.name)),
            _ if self.domain.is_none() => return Err(self.name_alone(leaf)),
            _ => return Err(leaf.refuse_value("the domain and the name stand in two columns")),
        };
        let Some(domain) = &self.domain else { return self.without_domain(leaf, pattern, case) };
        match pattern.literals().map(|text| text.matches('\\').count()).sum() {
            0 => Ok(self.without_backslash(leaf, domain, pattern, case)),
            1 => self.around_backslash(leaf, domain, pattern, case),
            _ => Err(leaf.refuse_value("a user has one backslash, between domain and name")),
        }
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        let texts: Vec<String> = values.iter().map(Scalar::text).collect();
        let parted = texts.iter().map(|text| match text.split_once('\\') {
            Some((domain, name)) => (Some(domain), name),
            None => (None, text.as_str()),
        });
        let text = |text: &str| Scalar::Text(text.to_owned());
        if row.put(&self.name, parted.clone().map(|(_, name)| text(name)))
            && let Some(place) = &self.domain
        {
            row.put(place, parted.filter_map(|(domain, _)| domain.map(text)));
        }
    }

    pub(super) fn columns(&self) -> Vec<&Place> {
        self.domain.iter().chain([&self.name]).collect()
    }

    /// A name at the end of a user; behind a backslash it is all of it, as every user of Windows has a domain.
    fn without_domain(&self, leaf: &Leaf<'_>, pattern: &Pattern, case: Case) -> Mapping {
        if let Shape::Suffix(text) = pattern.shape() {
            match text.strip_prefix('\\') {
                Some(name) if !name.is_empty() && !name.contains('\\') => {
                    return Ok(leaf.unchecked().text(&self.name, Pattern::literal(name), case));
                }
                None if !text.contains('\\') => return Ok(leaf.same(&self.name)),
                _ => {}
            }
        }
        Err(self.name_alone(leaf))
    }

    fn name_alone(&self, leaf: &Leaf<'_>) -> Refusal {
        let name = self.name.column.name();
        leaf.refuse_value(format_args!("only the name of a user is known, without the domain, in `{name}`"))
            .help(format!("write `{}|endswith: '\\name'`", leaf.field))
    }

    /// The literal backslash is the one between domain and name, so no wildcard covers it.
    fn around_backslash(&self, leaf: &Leaf<'_>, place: &Place, pattern: &Pattern, case: Case) -> Mapping {
        let (mut domain, mut name) = (Pattern::default(), Pattern::default());
        let mut passed = false;
        for part in pattern.parts() {
            match part {
                Part::Literal(text) if !passed => match text.split_once('\\') {
                    Some((before, after)) => {
                        domain.push(Part::Literal(before.to_owned()));
                        name.push(Part::Literal(after.to_owned()));
                        passed = true;
                    }
                    None => domain.push(part.clone()),
                },
                part if passed => name.push(part.clone()),
                part => domain.push(part.clone()),
            }
        }
        // An empty one would be asked as a missing one, and a user without a domain has no backslash.
        if domain.parts().is_empty() {
            return Err(leaf.refuse_value("a user has a domain before the backslash"));
        }
        let domain = leaf.text(place, domain, case);
        // A domain has a name behind it.
        let named = name.shape() != Shape::Anything;
        Ok(if named { Logic::all([domain, leaf.text(&self.name, name, case)]) } else { domain })
    }

    fn without_backslash(&self, leaf: &Leaf<'_>, domain: &Place, pattern: &Pattern, case: Case) -> Predicate<Mapped> {
        let on_name = || leaf.text(&self.name, pattern.clone(), case);
        let on_domain = || leaf.text(domain, pattern.clone(), case);
        match pattern.shape() {
            Shape::Exact(_) => Logic::all([on_name(), leaf.missing(domain)]),
            // The domain is too short for it only if the backslash is in it, which it is not.
            Shape::Prefix(_) => Logic::any([on_domain(), Logic::all([leaf.missing(domain), on_name()])]),
            Shape::Suffix(_) => on_name(),
            Shape::Contains(_) => Logic::any([on_name(), on_domain()]),
            Shape::Anything | Shape::Glob(_) => self.under_a_wildcard(leaf, domain, pattern, case),
        }
    }

    /// Each wildcard may be the one that covers the backslash.
    fn under_a_wildcard(&self, leaf: &Leaf<'_>, place: &Place, pattern: &Pattern, case: Case) -> Predicate<Mapped> {
        let parts = pattern.parts();
        let no_domain = Logic::all([leaf.text(&self.name, pattern.clone(), case), leaf.missing(place)]);
        let mut ways = vec![no_domain];
        for (at, part) in parts.iter().enumerate() {
            let run = (*part == Part::AnyRun).then_some(Part::AnyRun);
            if run.is_none() && *part != Part::AnyOne {
                continue;
            }
            let domain = Pattern::from_parts(parts[..at].iter().cloned().chain(run.clone()));
            let name = Pattern::from_parts(run.into_iter().chain(parts[at + 1..].iter().cloned()));
            // Neither side is empty: that would be asked as a missing one.
            if domain.parts().is_empty() || name.parts().is_empty() {
                continue;
            }
            ways.push(Logic::all([leaf.text(place, domain, case), leaf.text(&self.name, name, case)]));
        }
        Logic::any(ways)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";

    #[test]
    fn a_backslash_has_a_domain_before_it() {
        assert_snapshot!(
            mapped("xdr", PROCESS, item("User|startswith", &[r"\SYSTEM"])),
            @r"value at 10: the value `\SYSTEM*` of `User` cannot be mapped: a user has a domain before the backslash"
        );
        // Nor does a wildcard stand for the backslash with nothing beside it.
        agree(
            "xdr",
            PROCESS,
            &[&[("User", "ab")], &[("User", r"a\b")]],
            &[("User", &["???", "?*", "*?"]), ("User", &["??"])],
        );
    }

    #[test]
    fn a_backslash_parts_domain_and_name() {
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User", &[r"NT AUTHORITY\SYSTEM"])),
            @"user.domain = 'NT AUTHORITY' and user.name = 'SYSTEM'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|cased", &[r"CORP\alice"])),
            @"user.domain == 'CORP' and user.name == 'alice'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|startswith", &[r"CORP\adm"])),
            @"user.domain = 'CORP' and user.name = 'adm*'"
        );
        assert_snapshot!(mapped("ecs", PROCESS, item("User|startswith", &[r"CORP\\"])), @"user.domain = 'CORP'");
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|endswith", &[r"\SYSTEM"])),
            @"user.domain exists and user.name = 'SYSTEM'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|endswith", &[r"RP\alice"])),
            @"user.domain = '*RP' and user.name = 'alice'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|contains", &[r"RP\al"])),
            @"user.domain = '*RP' and user.name = 'al*'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|contains", &[r"\adm"])),
            @"user.domain exists and user.name = 'adm*'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User", &[r"CORP\\svc-*01"])),
            @"user.domain = 'CORP' and user.name = 'svc-*01'"
        );
    }

    #[test]
    fn without_a_backslash_each_side_may_hold_it() {
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User", &["SYSTEM"])),
            @"user.name = 'SYSTEM' and user.domain missing"
        );
        assert_snapshot!(mapped("ecs", PROCESS, item("User", &[""])), @"user.name = '' and user.domain missing");
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|startswith", &["CORP"])),
            @"user.domain = 'CORP*' or (user.domain missing and user.name = 'CORP*')"
        );
        assert_snapshot!(mapped("ecs", PROCESS, item("User|endswith", &["$"])), @"user.name = '*$'");
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User|contains", &["AUTHORI", "AUTORI"])),
            @"user.name = '*AUTHORI*' or user.domain = '*AUTHORI*' or user.name = '*AUTORI*' or user.domain = '*AUTORI*'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User", &["NT*SYSTEM"])),
            @"(user.name = 'NT*SYSTEM' and user.domain missing) or (user.domain = 'NT*' and user.name = '*SYSTEM')"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User", &["a?b"])),
            @"(user.name = 'a?b' and user.domain missing) or (user.domain = 'a' and user.name = 'b')"
        );
    }

    #[test]
    fn presence_is_of_the_name_and_what_cannot_be_split_is_refused() {
        assert_snapshot!(mapped("ecs", PROCESS, item("User|exists", &["false"])), @"user.name missing");
        assert_snapshot!(mapped("ecs", PROCESS, item("User", &["*"])), @"user.name exists");
        assert_snapshot!(
            mapped("ecs", PROCESS, item("User", &[r"a\b\c"])),
            @r"value at 10: the value `a\b\c` of `User` cannot be mapped: a user has one backslash, between domain and name"
        );
    }

    #[test]
    fn of_an_event_the_first_backslash_parts() {
        assert_snapshot!(
            projected("ecs", PROCESS, &[("User", r"NT AUTHORITY\SYSTEM")]),
            @"events {user.domain: 'NT AUTHORITY', user.name: 'SYSTEM'}"
        );
        assert_snapshot!(projected("ecs", PROCESS, &[("User", "root")]), @"events {user.name: 'root'}");
        let events: [&[(&str, &str)]; 5] = [
            &[],
            &[("User", r"NT AUTHORITY\SYSTEM")],
            &[("User", "SYSTEM")],
            &[("User", r"CORP\alice")],
            &[("User", r"Xb\y")],
        ];
        let items: [(&str, &[&str]); 9] = [
            ("User", &[r"NT AUTHORITY\SYSTEM"]),
            ("User|contains", &["AUTHORI", r"P\a"]),
            ("User", &["SYSTEM", "CORP*ice"]),
            ("User|startswith", &["CORP"]),
            ("User|startswith", &[r"NT AUTHORITY\\"]),
            ("User|endswith", &["SYSTEM", r"\alice"]),
            ("User", &["?b?y"]),
            ("User", &["*"]),
            ("User|exists", &["true"]),
        ];
        agree("ecs", PROCESS, &events, &items);
        agree("xdr", PROCESS, &events, &items);
    }
}
