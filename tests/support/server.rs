//! A server inside of the page, and what its tests read of JavaScript values.

use js_sys::{Array, Date, Function, Reflect};
use tokenlet::runtime::{acquire, connect, hit};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A config whose `fetch` notes each request and answers `body`, in which `%n`
/// is the request's number.
const SERVER: &str = "
    const requests = [];
    const fetch = async (url, init) => {
        requests.push({ url, ...init });
        await new Promise((done) => setTimeout(done, 20));
        return new Response(body.replace('%n', requests.length), { status });
    };
    const config = { tokenEndpoint: 'https://id.example/token', clientId, clientSecret: 'a long secret', retries: 0, fetch };
    return { requests, config };
";

/// Has the face's own host do what the core can not.
pub(crate) fn connect_host() {
    // In the order in which they import each other, as one script.
    let modules = [
        include_str!("../../pkg-template/retelling.js"),
        include_str!("../../pkg-template/exchange.js"),
        include_str!("../../pkg-template/token-error.js"),
        include_str!("../../pkg-template/snapshot.js"),
        include_str!("../../pkg-template/recent.js"),
        include_str!("../../pkg-template/der.js"),
        include_str!("../../pkg-template/key-formats.js"),
        include_str!("../../pkg-template/keys.js"),
        include_str!("../../pkg-template/signing.js"),
        include_str!("../../pkg-template/host.js"),
    ];
    let mut make = String::new();
    for module in modules {
        let lines = module.lines().filter(|line| !line.starts_with("import "));
        let script = lines.collect::<Vec<_>>().join("\n");
        make.push_str(&script.replace("export ", ""));
    }
    make.push_str("return hostOf({});");
    let host = Function::new_no_args(&make).call0(&JsValue::NULL);
    connect(host.unwrap().unchecked_into(), false, false);
}

pub(crate) const TOKEN: &str =
    r#"{ "access_token": "token-%n", "token_type": "bearer", "expires_in": 3600 }"#;

pub(crate) struct Server {
    pub(crate) requests: Array,
    pub(crate) config: JsValue,
}

impl Server {
    /// One client id a test keeps the tests' tokens apart.
    pub(crate) fn new(client_id: &str, status: u16, body: &str) -> Self {
        connect_host();
        let make = Function::new_with_args("clientId, status, body", SERVER);
        let made = make
            .call3(
                &JsValue::NULL,
                &client_id.into(),
                &status.into(),
                &body.into(),
            )
            .unwrap();
        Self {
            requests: member(&made, "requests").unchecked_into(),
            config: member(&made, "config"),
        }
    }

    /// Changes the config by a JavaScript statement.
    pub(crate) fn with(self, statement: &str) -> Self {
        Function::new_with_args("config", statement)
            .call1(&JsValue::NULL, &self.config)
            .unwrap();
        self
    }

    pub(crate) async fn acquire(&self) -> Result<Array, JsValue> {
        let promise = acquire(&"oauth2".into(), &self.config, &JsValue::UNDEFINED);
        JsFuture::from(promise).await.map(JsCast::unchecked_into)
    }

    /// The record that a call is rejected with.
    pub(crate) async fn failure(&self) -> JsValue {
        self.acquire().await.expect_err("a token came")
    }
}

/// The member at a path: `headers.Authorization`.
pub(crate) fn member(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| {
        Reflect::get(&value, &name.into()).unwrap()
    })
}

pub(crate) fn text(value: &JsValue, path: &str) -> String {
    member(value, path).as_string().unwrap_or_default()
}

/// Whether the fast path finds what `acquire` gave, so many milliseconds from now.
pub(crate) fn is_hit(found: &Array, after: f64, max_age: f64) -> bool {
    let performance = member(&js_sys::global(), "performance");
    let now: Function = member(&performance, "now").unchecked_into();
    let mono = now.call0(&performance).unwrap().as_f64().unwrap();
    let number = |at| found.get(at).as_f64().unwrap();
    hit(
        number(1) as u32,
        number(2) as u32,
        Date::now() + after,
        mono + after,
        max_age,
    )
}
