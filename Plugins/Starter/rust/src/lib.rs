//! The connector: what it is called, what it can do, and each operation as a small state machine.
//!
//! It does no I/O. A turn asks for one request or ends the operation; the answer arrives in the next turn.
#![deny(unsafe_op_in_unsafe_fn)]

mod abi;
mod json;
mod shell;

pub const ID: &str = "starter";
pub const VERSION: &str = "1.0.0";
/// Names only; the host compares it with the manifest.
pub const DESCRIPTOR: &str = r#"{"id":"starter","version":"1.0.0","abi":{"major":1,"minor":0},
    "actions":["note.publish","note.read"],"sync":[],"webhooks":[],"health":true,"extensions":[]}"#;

/// What the caller should do about it decides the code; the other codes are in `patchbay.h`.
pub mod code {
    pub const OK: i32 = 0;
    pub const UNKNOWN: i32 = 1;
    pub const UNSUPPORTED: i32 = 2;
    pub const INVALID_INPUT: i32 = 3;
    pub const NOT_FOUND: i32 = 7;
    pub const RATE_LIMITED: i32 = 9;
    pub const UPSTREAM: i32 = 12;
    pub const NETWORK: i32 = 13;
    pub const TIMEOUT: i32 = 14;
    pub const INTERNAL: i32 = 17;
    /// It may have taken effect: look first, never repeat blindly.
    pub const UNKNOWN_OUTCOME: i32 = 18;
}

/// Whether an error invites another attempt; 0 is no.
mod retry {
    pub const SAFE: u32 = 1;
    pub const AFTER: u32 = 2;
    pub const UNKNOWN_OUTCOME: u32 = 3;
}

/// What an operation is given; borrowed for its first turn.
pub struct Start<'a> {
    pub kind: u32,
    pub name: &'a str,
    pub input: &'a [u8],
    pub attributes: &'a [(&'a str, &'a str)],
    pub idempotency_key: &'a str,
}

/// The platform's answer as the host classified it; borrowed for a turn.
pub struct Event<'a> {
    pub outcome: i32,
    pub http_status: u32,
    pub body: &'a [u8],
    pub retry_after_ms: u64,
    pub message: &'a str,
    pub platform_code: &'a str,
    pub request_id: &'a str,
}

/// What a turn comes to.
#[derive(Debug, PartialEq)]
pub enum Turn {
    Ask { method: &'static str, url: String, body: Option<String> },
    Complete(String),
    Fail(Error),
}

#[derive(Debug, Default, PartialEq)]
pub struct Error {
    pub code: i32,
    pub retry: u32,
    pub http_status: u32,
    pub retry_after_ms: u64,
    /// For developers: no secret, no header, no body, nothing that a person wrote.
    pub message: String,
    pub platform_code: String,
    pub request_id: String,
    /// A JSON pointer into the input, when the input is at fault.
    pub pointer: &'static str,
}

impl Error {
    fn new(code: i32, message: &str, pointer: &'static str) -> Error {
        let retry = if code == code::UNKNOWN_OUTCOME { retry::UNKNOWN_OUTCOME } else { 0 };
        Error { code, retry, message: message.into(), pointer, ..Error::default() }
    }

    /// What the host made of the platform's answer, passed on.
    fn of(event: &Event) -> Error {
        Error {
            code: if event.outcome == code::UNKNOWN { code::UPSTREAM } else { event.outcome },
            retry: match event.outcome {
                code::RATE_LIMITED if event.retry_after_ms > 0 => retry::AFTER,
                code::RATE_LIMITED | code::UPSTREAM | code::NETWORK | code::TIMEOUT => retry::SAFE,
                code::UNKNOWN_OUTCOME => retry::UNKNOWN_OUTCOME,
                _ => 0,
            },
            http_status: event.http_status,
            retry_after_ms: event.retry_after_ms,
            message: event.message.into(),
            platform_code: event.platform_code.into(),
            request_id: event.request_id.into(),
            pointer: "",
        }
    }
}

/// One run of an action or of the health check, between its turns.
#[derive(Debug, PartialEq)]
pub enum Operation {
    Reading,
    /// Holds the body of `POST /notes`, for when nothing is found.
    Finding { order: String },
    Creating,
    Checking,
    Refused,
}

impl Operation {
    pub fn begin(start: &Start) -> (Operation, Turn) {
        match (start.kind, start.name) {
            (abi::OP_HEALTH, _) => (Operation::Checking, get("/account".into())),
            (abi::OP_ACTION, "note.read") => Self::read(start),
            (abi::OP_ACTION, "note.publish") => Self::publish(start),
            _ => refused(Error::new(code::UNSUPPORTED, "there is no such operation", "")),
        }
    }

    fn read(start: &Start) -> (Operation, Turn) {
        match json::member(start.input, "id").and_then(id) {
            Some(id) => (Operation::Reading, get(format!("/notes/{id}"))),
            None => refused(Error::new(code::INVALID_INPUT, "id is not the id of a note", "/id")),
        }
    }

    fn publish(start: &Start) -> (Operation, Turn) {
        let text = json::member(start.input, "text").and_then(|text| std::str::from_utf8(text).ok());
        let Some(text) = text.filter(|text| text.starts_with('"') && text.len() > 2) else {
            return refused(Error::new(code::INVALID_INPUT, "text is missing or empty", "/text"));
        };
        let reference = json::quoted(start.idempotency_key);
        let order = format!(r#"{{"reference":{reference},"text":{text}}}"#);
        if start.attributes.contains(&("patchbay.reconcile", "1")) {
            let search = format!(r#"{{"reference":{reference}}}"#);
            (Operation::Finding { order }, post("/notes/find", search))
        } else {
            (Operation::Creating, post("/notes", order))
        }
    }

    pub fn resume(&mut self, event: &Event) -> Turn {
        if *self == Operation::Checking {
            // What went wrong is what the check found.
            let status = if event.outcome == code::OK { "ok" } else { "failing" };
            return Turn::Complete(format!(
                r#"{{"status":"{status}","checks":[{{"name":"account","status":"{status}"}}]}}"#
            ));
        }
        if let (Operation::Finding { order }, code::NOT_FOUND) = (&mut *self, event.outcome) {
            let order = std::mem::take(order);
            *self = Operation::Creating;
            return post("/notes", order);
        }
        if event.outcome != code::OK {
            return Turn::Fail(Error::of(event));
        }
        match (json::member(event.body, "id").and_then(id), &*self) {
            (Some(id), Operation::Reading) => {
                let likes = json::member(event.body, "likes").and_then(count).unwrap_or(0);
                Turn::Complete(format!(r#"{{"id":"{id}","likes":{likes}}}"#))
            }
            (Some(id), _) => Turn::Complete(format!(r#"{{"id":"{id}"}}"#)),
            // A note was created, and nobody can tell which: the next attempt has to look.
            (None, Operation::Creating) => Turn::Fail(Error::new(code::UNKNOWN_OUTCOME, NO_NOTE, "")),
            (None, _) => Turn::Fail(Error::new(code::UPSTREAM, NO_NOTE, "")),
        }
    }
}

const NO_NOTE: &str = "the platform's answer names no note";

fn get(url: String) -> Turn {
    Turn::Ask { method: "GET", url, body: None }
}

fn post(url: &str, body: String) -> Turn {
    Turn::Ask { method: "POST", url: url.into(), body: Some(body) }
}

fn refused(error: Error) -> (Operation, Turn) {
    (Operation::Refused, Turn::Fail(error))
}

/// A quoted id of 1 to 64 letters, digits, - and _: safe in a path and in JSON as it stands.
fn id(value: &[u8]) -> Option<&str> {
    let id = std::str::from_utf8(value).ok()?.strip_prefix('"')?.strip_suffix('"')?;
    let is_safe = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (is_safe && (1..=64).contains(&id.len())).then_some(id)
}

fn count(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
