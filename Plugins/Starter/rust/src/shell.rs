//! The C face: the table, and the border between the host's memory and ours. The only file with `unsafe`.
//!
//! Nothing that the host lends is kept: it is borrowed for the turn. A panic stops here and fails the operation.

use crate::abi::{self, Bytes, Instance, Out, Payload, Status, Str, Table};
use crate::{Error, Event, Operation, Start, Turn};
use std::ffi::c_void;
use std::mem::size_of;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::{null, null_mut};

const INTERNAL: Status = crate::code::INTERNAL;

/// [any] The library's one export.
#[no_mangle]
pub extern "C" fn patchbay_connector_entry_v1(_host_minor: u16, _report: *const Out) -> *const Table {
    &TABLE.0
}

struct Shared(Table);
// Constant, and its pointers point to constants.
unsafe impl Sync for Shared {}

static TABLE: Shared = Shared(Table {
    struct_size: size_of::<Table>() as u32,
    abi_major: abi::MAJOR,
    abi_minor: abi::MINOR,
    flags: abi::PARALLEL_OPS,
    id: lend(crate::ID),
    version: lend(crate::VERSION),
    build: lend("rust"),
    ctx: null_mut(),
    describe,
    create,
    destroy,
    begin,
    resume,
    end,
    extension,
});

/// No state: every instance is the same.
static INSTANCE: Instance = Instance { unused: 0 };

// ---- The host's calls ------------------------------------------------------------------------------------------

unsafe extern "C" fn describe(_ctx: *mut c_void, out: *const Out) -> Status {
    guarded(|| push(unsafe { &*out }, Turn::Complete(crate::DESCRIPTOR.into())))
}

unsafe extern "C" fn create(
    _ctx: *mut c_void,
    _host: *const abi::Host,
    _config: *const Payload,
    _out: *const Out,
    instance: *mut *mut Instance,
) -> Status {
    unsafe { *instance = &INSTANCE as *const Instance as *mut Instance };
    0
}

unsafe extern "C" fn destroy(_instance: *mut Instance) {}

unsafe extern "C" fn begin(
    _instance: *mut Instance,
    start: *const abi::OpStart,
    out: *const Out,
    made: *mut *mut c_void,
) -> Status {
    guarded(|| {
        let start = unsafe { &*start };
        let pairs = unsafe { slice(start.attrs, start.n_attrs) };
        let attributes: Vec<_> = pairs.iter().map(|pair| (text(&pair.name), text(&pair.value))).collect();
        let (operation, turn) = Operation::begin(&Start {
            kind: start.kind,
            name: text(&start.name),
            input: json(start.input),
            attributes: &attributes,
            idempotency_key: text(&start.idempotency_key),
        });
        // From here on `end` frees it, whatever becomes of this turn.
        unsafe { *made = Box::into_raw(Box::new(operation)).cast() };
        push(unsafe { &*out }, turn)
    })
}

unsafe extern "C" fn resume(
    op: *mut c_void,
    events: *const *const abi::Event,
    count: usize,
    out: *const Out,
) -> Status {
    guarded(|| {
        let operation = unsafe { &mut *op.cast::<Operation>() };
        // One effect is outstanding at a time, so one result comes.
        let Some(event) = unsafe { slice(events, count) }.first() else { return INTERNAL };
        let event = unsafe { &**event };
        let turn = operation.resume(&Event {
            outcome: event.outcome,
            http_status: event.http_status,
            body: json(event.body),
            retry_after_ms: event.retry_after_ms,
            message: text(&event.message),
            platform_code: text(&event.platform_code),
            request_id: text(&event.request_id),
        });
        push(unsafe { &*out }, turn)
    })
}

unsafe extern "C" fn end(op: *mut c_void) {
    drop(unsafe { Box::from_raw(op.cast::<Operation>()) });
}

unsafe extern "C" fn extension(_id: Str) -> *const c_void {
    null()
}

fn guarded(turn: impl FnOnce() -> Status) -> Status {
    catch_unwind(AssertUnwindSafe(turn)).unwrap_or(INTERNAL)
}

// ---- What a turn comes to --------------------------------------------------------------------------------------

/// The host copies all of it before its function returns.
fn push(out: &Out, turn: Turn) -> Status {
    match turn {
        Turn::Ask { method, url, body } => {
            let payload = body.as_deref().map(payload);
            let request = abi::HttpReq {
                struct_size: size_of::<abi::HttpReq>() as u32,
                reserved: 0,
                flags: 0,
                method: lend(method),
                url: lend(&url),
                endpoint: lend("api"),
                auth: lend("default"),
                idempotency_key: lend(""),
                headers: null(),
                n_headers: 0,
                body: payload.as_ref().map_or(null(), |payload| payload),
                timeout_ms: 0,
                max_redirects: 0,
                max_response: 0,
            };
            unsafe { (out.http)(out.ctx, &request) };
        }
        Turn::Complete(result) => unsafe { (out.complete)(out.ctx, &payload(&result)) },
        Turn::Fail(error) => unsafe { (out.fail)(out.ctx, &failure(&error)) },
    }
    0
}

fn payload(json: &str) -> Payload {
    Payload {
        struct_size: size_of::<Payload>() as u32,
        format: abi::FORMAT_JSON,
        data: Bytes { ptr: json.as_ptr(), len: json.len() },
        blob: 0,
        blob_offset: 0,
        blob_length: 0,
        content_type: lend(""),
        parts: null(),
        n_parts: 0,
    }
}

fn failure(error: &Error) -> abi::Error {
    abi::Error {
        struct_size: size_of::<abi::Error>() as u32,
        code: error.code,
        retry: error.retry,
        http_status: error.http_status,
        retry_after_ms: error.retry_after_ms,
        message: lend(&error.message),
        user_message: lend(""),
        platform_code: lend(&error.platform_code),
        request_id: lend(&error.request_id),
        pointer: lend(error.pointer),
        detail_json: Bytes { ptr: null(), len: 0 },
    }
}

// ---- Borrowing -------------------------------------------------------------------------------------------------

const fn lend(text: &str) -> Str {
    Str { ptr: text.as_ptr(), len: text.len() }
}

fn text<'a>(lent: &'a Str) -> &'a str {
    std::str::from_utf8(unsafe { slice(lent.ptr, lent.len) }).unwrap_or("")
}

/// The bytes of a payload of format JSON; empty for any other.
fn json<'a>(payload: *const Payload) -> &'a [u8] {
    match unsafe { payload.as_ref() } {
        Some(payload) if payload.format == abi::FORMAT_JSON => unsafe { slice(payload.data.ptr, payload.data.len) },
        _ => &[],
    }
}

/// A null pointer is allowed where the length is 0.
unsafe fn slice<'a, Element>(pointer: *const Element, count: usize) -> &'a [Element] {
    if count == 0 { &[] } else { unsafe { std::slice::from_raw_parts(pointer, count) } }
}
