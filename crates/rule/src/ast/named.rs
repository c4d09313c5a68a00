//! Closed sets of words: a name for each variant, and back.

/// Gives an enum `ALL`, `name` and `from_name`.
macro_rules! named {
    ($type:ident { $($variant:ident = $name:literal $(| $alias:literal)*),+ $(,)? }) => {
        impl $type {
            /// Every one, in the order declared.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in a rule.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The one of exactly that name, or of a second name that it has.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name $(| $alias)* => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use named;
