//! Closed lists of stable names: what a report, a refusal or a response calls its parts.

/// Declares an enum together with its names, so that a new variant is one line: the variants, `ALL` in this
/// order, `as_str`, `Display`.
///
/// Names that people read as words have a code each, as in `Seal = "the seal" => "compared.seal"`: the list
/// is then `Coded`, too.
///
/// A list may begin with all names of another one, as `Variant(List),`; it then has the function `all` in
/// place of the constant.
macro_rules! names {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $Name:ident {
            $(#[$first:meta])* $Outer:ident($List:ident),
            $( $(#[$documentation:meta])* $Variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        $visibility enum $Name {
            $(#[$first])* $Outer($List),
            $( $(#[$documentation])* $Variant, )+
        }

        impl $Name {
            /// All of them, in order.
            pub fn all() -> impl Iterator<Item = Self> {
                $List::ALL.into_iter().map(Self::$Outer).chain([$(Self::$Variant),+])
            }

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$Outer(name) => name.as_str(),
                    $( Self::$Variant => $text, )+
                }
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $Name:ident {
            $( $(#[$documentation:meta])* $Variant:ident = $text:literal => $code:literal, )+
        }
    ) => {
        $crate::bytes::names! {
            $(#[$attribute])*
            $visibility enum $Name {
                $( $(#[$documentation])* $Variant = $text, )+
            }
        }

        impl $crate::message::Coded for $Name {
            fn message(&self) -> $crate::message::Message {
                let code = match self {
                    $( Self::$Variant => $code, )+
                };
                $crate::message::Message::new(code, self.to_string(), [])
            }
        }

        impl $crate::message::AsParam for $Name {
            fn param(&self) -> $crate::message::Param {
                $crate::message::AsParam::param(&$crate::message::Coded::message(self))
            }
        }
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $Name:ident {
            $( $(#[$documentation:meta])* $Variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        $visibility enum $Name {
            $( $(#[$documentation])* $Variant, )+
        }

        impl $Name {
            /// All of them, in order.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$Variant),+];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$Variant => $text, )+
                }
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use names;
