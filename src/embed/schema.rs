//! JSON Schemas of requests and responses, generated from the types (draft 2020-12).

use super::json::{Json, Lines};
use crate::bytes::{Digest, SaltKey};
use crate::calendar::{Date, Instant, Window};
use crate::id::{Code, Division, InspectorId, UnitId};
use crate::policy::Billionths;
use crate::seal::Secret;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;

/// The schemas of a request and of a response.
pub(super) fn pair<Q: JsonSchema, A: JsonSchema>() -> (Value, Value) {
    let settings = SchemaSettings::draft2020_12();
    let request = settings.clone().for_deserialize().into_generator().into_root_schema_for::<Q>();
    let response = settings.for_serialize().into_generator().into_root_schema_for::<A>();
    (request.to_value(), response.to_value())
}

/// A value that travels as text of a form.
macro_rules! text {
    ($type:ident, $pattern:literal, $words:literal) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "pattern": $pattern, "description": $words})
            }
        }
    };
}

text!(Code, "^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", "A word of a closed vocabulary (Spec 1.6).");
text!(Division, "^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", "A division of the list of the policy (Spec 9.7).");
text!(InspectorId, "^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", "The id of an officer or expert (Spec 1.6).");
text!(
    UnitId,
    "^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$",
    "A credit code, a registration number or a local id with a hyphen inside; where the policy has plain ids, any \
     code (Spec 1.6)."
);
text!(Date, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "A day of the calendar (Spec 1.8).");
text!(
    Instant,
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    "A second of universal time (Spec 1.8)."
);
text!(Digest, "^[0-9a-f]{64}$", "32 bytes in lower-case hexadecimal digits (Spec 1.5).");
text!(SaltKey, "^[0-9a-f]{64}$", "32 random bytes, secret until the auditor gets them (Spec 4.1).");
text!(Secret, "^[0-9a-f]{64}$", "32 random bytes, secret until the day of disclosure (Spec 12.1).");
text!(
    Billionths,
    "^[0-9]{1,7}([.][0-9]{1,9})?$",
    "A decimal that is exact in billionths, as text (Spec 1.2)."
);

impl JsonSchema for Window {
    fn schema_name() -> Cow<'static, str> {
        "Window".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let day = generator.subschema_for::<Date>();
        json_schema!({"type": "object", "properties": {"from": day, "to": day},
            "required": ["from", "to"], "additionalProperties": false,
            "description": "A span of days, both ends included; `to` is not before `from`."})
    }
}

impl JsonSchema for Json {
    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["object", "string"],
            "description": "A document of Spec 12, 17, 23 or 24: as a JSON value in any spelling, or as its \
                text byte for byte."
        })
    }
}

impl JsonSchema for Lines {
    fn schema_name() -> Cow<'static, str> {
        "Lines".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let line = generator.subschema_for::<Json>();
        json_schema!({
            "type": ["string", "array"],
            "items": line,
            "description": "Lines of a ledger (Spec 17.1): the text of the file byte for byte, \
                or a list of lines."
        })
    }
}
