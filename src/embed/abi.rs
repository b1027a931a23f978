//! The C interface: three functions, declared in `examples/embed/double_random.h`.
//!
//! The only file of the library whose `unsafe` rests on others: the caller from C vouches for the pointers.
//! Requests and responses are those of [`call`].
//!
//! Any thread may call at any time; there is no state between calls, nothing to set up and nothing to close.
#![expect(unsafe_code, reason = "C strings come and go as pointers")]

use super::{CallError, call, refused};
use std::ffi::{CStr, CString, c_char};

/// The version with the zero byte that ends it.
const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("a version without zero bytes"),
};

/// The text of an argument.
///
/// # Safety
/// `text` is null or points to bytes that end with a zero byte and stay as they are while the text is used.
unsafe fn argument<'a>(name: &str, text: *const c_char) -> Result<&'a str, CallError> {
    if text.is_null() {
        return Err(CallError::Request { message: format!("`{name}` is NULL") });
    }
    // SAFETY: not null, and ended by a zero byte: the caller vouches for it.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|error| CallError::Json { message: format!("`{name}` is no UTF-8: {error}") })
}

/// Makes one step; both arguments are UTF-8 that ends with a zero byte. The response is UTF-8, ends with a
/// zero byte, is never null and belongs to the caller until he gives it back to [`double_random_free`].
///
/// # Safety
/// Each argument is null, which is answered with an error, or points to bytes that end with a zero byte and
/// that does not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn double_random_call(step: *const c_char, request: *const c_char) -> *mut c_char {
    // SAFETY: the caller vouches for both pointers.
    let texts = unsafe { (argument("step", step), argument("request", request)) };
    let response = match texts {
        (Ok(step), Ok(request)) => call(step, request),
        (Ok(step), Err(error)) => refused(step, &error),
        (Err(error), _) => refused("", &error),
    };
    // Canonical JSON writes a zero byte as \u0000, so there is none inside.
    CString::new(response).unwrap_or_default().into_raw()
}

/// Gives a response back; null is nothing to give back.
///
/// # Safety
/// `response` is null or came from [`double_random_call`], unchanged in length, and is given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn double_random_free(response: *mut c_char) {
    if !response.is_null() {
        // SAFETY: it came from `CString::into_raw` in `double_random_call` and is given back once: the caller
        // vouches for it.
        drop(unsafe { CString::from_raw(response) });
    }
}

/// The version of the library, as in `0.1.0`. It belongs to the library and stays.
#[unsafe(no_mangle)]
pub extern "C" fn double_random_version() -> *const c_char {
    VERSION.as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(step: Option<&[u8]>, request: Option<&[u8]>) -> String {
        let text = |bytes: Option<&[u8]>| bytes.map(|bytes| CString::new(bytes).unwrap());
        let (step, request) = (text(step), text(request));
        let pointer = |text: &Option<CString>| text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr());
        // SAFETY: null or a CString that lives until the end of this function; the response is given back
        // once.
        unsafe {
            let response = double_random_call(pointer(&step), pointer(&request));
            let copy = CStr::from_ptr(response).to_str().unwrap().to_owned();
            double_random_free(response);
            copy
        }
    }

    #[test]
    fn a_call_is_the_call_of_the_library() {
        assert_eq!(ask(Some(b"version"), Some(b"{}")), call("version", "{}"));
        assert_eq!(ask(Some(b"nothing"), Some(b"{}")), call("nothing", "{}"));
    }

    #[test]
    fn what_is_no_text_is_an_error() {
        assert!(
            ask(None, Some(b"{}"))
                .contains(r#""code":"invalid_request","message":"the request: `step` is NULL""#)
        );
        assert!(ask(Some(b"plan"), None).contains("`request` is NULL"));
        assert!(ask(Some(b"plan"), Some(b"{\"\xff\":1}")).contains(r#""code":"invalid_json""#));
        assert!(ask(Some(b"\xff"), Some(b"{}")).contains("`step` is no UTF-8"));
        // SAFETY: null is allowed.
        unsafe { double_random_free(std::ptr::null_mut()) };
    }

    #[test]
    fn the_version_is_that_of_the_crate() {
        // SAFETY: a constant of the library.
        let version = unsafe { CStr::from_ptr(double_random_version()) };
        assert_eq!(version.to_str(), Ok(crate::embed::library_version()));
    }
}
