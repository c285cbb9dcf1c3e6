//! `patchbay.h`, mirrored by hand: what crosses the border, in its layout. `shell.rs` alone uses it.
#![allow(dead_code)]

use core::ffi::c_void;
use core::mem::{offset_of, size_of};

pub const MAJOR: u16 = 1;
pub const MINOR: u16 = 0;

pub type Status = i32;

pub const OP_ACTION: u32 = 1;
pub const OP_HEALTH: u32 = 3;
pub const EVENT_HTTP: u32 = 1;
pub const FORMAT_JSON: u32 = 1;
pub const PARALLEL_OPS: u64 = 1;

/// UTF-8 without a NUL at the end; `ptr` may be null when `len` is 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub ptr: *const u8,
    pub len: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Bytes {
    pub ptr: *const u8,
    pub len: usize,
}

#[repr(C)]
pub struct Pair {
    pub name: Str,
    pub value: Str,
}

#[repr(C)]
pub struct Payload {
    pub struct_size: u32,
    pub format: u32,
    pub data: Bytes,
    pub blob: u64,
    pub blob_offset: u64,
    pub blob_length: u64,
    pub content_type: Str,
    pub parts: *const *const c_void,
    pub n_parts: usize,
}

#[repr(C)]
pub struct Error {
    pub struct_size: u32,
    pub code: Status,
    pub retry: u32,
    pub http_status: u32,
    pub retry_after_ms: u64,
    pub message: Str,
    pub user_message: Str,
    pub platform_code: Str,
    pub request_id: Str,
    pub pointer: Str,
    pub detail_json: Bytes,
}

#[repr(C)]
pub struct HttpReq {
    pub struct_size: u32,
    pub reserved: u32,
    pub flags: u64,
    pub method: Str,
    pub url: Str,
    pub endpoint: Str,
    pub auth: Str,
    pub idempotency_key: Str,
    pub headers: *const Pair,
    pub n_headers: usize,
    pub body: *const Payload,
    pub timeout_ms: u32,
    pub max_redirects: u32,
    pub max_response: u64,
}

#[repr(C)]
pub struct Event {
    pub struct_size: u32,
    pub kind: u32,
    pub effect: u64,
    pub outcome: Status,
    pub http_status: u32,
    pub headers: *const Pair,
    pub n_headers: usize,
    pub body: *const Payload,
    pub version: u64,
    pub retry_after_ms: u64,
    pub message: Str,
    pub platform_code: Str,
    pub request_id: Str,
}

#[repr(C)]
pub struct OpStart {
    pub struct_size: u32,
    pub kind: u32,
    pub name: Str,
    pub input: *const Payload,
    pub attrs: *const Pair,
    pub n_attrs: usize,
    pub deadline_unix_ns: u64,
    pub seed: u64,
    pub flags: u64,
    pub attempt: u32,
    pub reserved: u32,
    pub idempotency_key: Str,
}

#[repr(C)]
pub struct Out {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub http: unsafe extern "C" fn(*mut c_void, *const HttpReq) -> u64,
    pub kv: unsafe extern "C" fn(*mut c_void, *const c_void) -> u64,
    pub timer: unsafe extern "C" fn(*mut c_void, u64) -> u64,
    pub cancel_effect: unsafe extern "C" fn(*mut c_void, u64),
    pub emit: unsafe extern "C" fn(*mut c_void, Str, *const Payload) -> Status,
    pub complete: unsafe extern "C" fn(*mut c_void, *const Payload),
    pub fail: unsafe extern "C" fn(*mut c_void, *const Error),
}

/// Opaque: this connector asks nothing of it.
#[repr(C)]
pub struct Host {
    unused: [u8; 0],
}

/// What `create` gives the host and takes back in `destroy`.
#[repr(C)]
pub struct Instance {
    pub unused: u8,
}

#[repr(C)]
pub struct Table {
    pub struct_size: u32,
    pub abi_major: u16,
    pub abi_minor: u16,
    pub flags: u64,
    pub id: Str,
    pub version: Str,
    pub build: Str,
    pub ctx: *mut c_void,
    pub describe: unsafe extern "C" fn(*mut c_void, *const Out) -> Status,
    pub create:
        unsafe extern "C" fn(*mut c_void, *const Host, *const Payload, *const Out, *mut *mut Instance) -> Status,
    pub destroy: unsafe extern "C" fn(*mut Instance),
    pub begin: unsafe extern "C" fn(*mut Instance, *const OpStart, *const Out, *mut *mut c_void) -> Status,
    pub resume: unsafe extern "C" fn(*mut c_void, *const *const Event, usize, *const Out) -> Status,
    pub end: unsafe extern "C" fn(*mut c_void),
    pub extension: unsafe extern "C" fn(Str) -> *const c_void,
}

// The header's layout on 64-bit machines; a slip of the pen above does not compile.
const _: () = {
    assert!(size_of::<Payload>() == 80 && offset_of!(Payload, content_type) == 48);
    assert!(size_of::<Error>() == 120 && offset_of!(Error, message) == 24);
    assert!(size_of::<HttpReq>() == 136 && offset_of!(HttpReq, body) == 112);
    assert!(size_of::<Event>() == 112 && offset_of!(Event, retry_after_ms) == 56);
    assert!(size_of::<OpStart>() == 96 && offset_of!(OpStart, idempotency_key) == 80);
    assert!(size_of::<Out>() == 72 && offset_of!(Out, fail) == 64);
    assert!(size_of::<Table>() == 128 && offset_of!(Table, describe) == 72);
};
