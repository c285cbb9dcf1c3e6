use super::*;

fn start<'a>(name: &'a str, input: &'a str, attributes: &'a [(&'a str, &'a str)]) -> Start<'a> {
    Start { kind: abi::OP_ACTION, name, input: input.as_bytes(), attributes, idempotency_key: "order-7" }
}

fn answer(outcome: i32, body: &str) -> Event<'_> {
    let (message, platform_code, request_id) = ("", "", "");
    Event { outcome, http_status: 0, body: body.as_bytes(), retry_after_ms: 0, message, platform_code, request_id }
}

fn code_of(turn: Turn) -> i32 {
    match turn {
        Turn::Fail(error) => error.code,
        other => panic!("it did not fail: {other:?}"),
    }
}

#[test]
fn note_is_published() {
    let (mut operation, turn) = Operation::begin(&start("note.publish", r#"{"text":"Hi"}"#, &[]));
    assert_eq!(turn, post("/notes", r#"{"reference":"order-7","text":"Hi"}"#.into()));
    let end = operation.resume(&answer(code::OK, r#"{"id":"n1"}"#));
    assert_eq!(end, Turn::Complete(r#"{"id":"n1"}"#.into()));
}

#[test]
fn second_attempt_looks_before_it_writes() {
    let reconcile = [("patchbay.reconcile", "1")];
    let (mut operation, turn) = Operation::begin(&start("note.publish", r#"{"text":"Hi"}"#, &reconcile));
    assert_eq!(turn, post("/notes/find", r#"{"reference":"order-7"}"#.into()));
    let turn = operation.resume(&answer(code::NOT_FOUND, ""));
    assert_eq!(turn, post("/notes", r#"{"reference":"order-7","text":"Hi"}"#.into()));
}

#[test]
fn created_note_without_id_is_an_unknown_outcome() {
    let (mut operation, _) = Operation::begin(&start("note.publish", r#"{"text":"Hi"}"#, &[]));
    assert_eq!(code_of(operation.resume(&answer(code::OK, r#"{"id":"#))), code::UNKNOWN_OUTCOME);
}

#[test]
fn id_that_would_leave_its_path_is_refused() {
    let (_, turn) = Operation::begin(&start("note.read", r#"{"id":"../account"}"#, &[]));
    assert_eq!(code_of(turn), code::INVALID_INPUT);
}
