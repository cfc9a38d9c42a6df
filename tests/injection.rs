//! What can not be smuggled into a request through a config's values.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

mod support;

use support::configs::{good, names, request, with};
use support::{json, refused};

#[test]
fn an_account_id_stays_one_segment() {
    for (id, segment) in [
        ("a/b", "a%2Fb"),
        ("a/../b", "a%2F..%2Fb"),
        ("a?b#c", "a%3Fb%23c"),
        ("a b\\", "a%20b%5C"),
        ("...", "..."),
        ("é", "%C3%A9"),
        ("a%2Fb", "a%252Fb"),
    ] {
        let sent = request("abtasty", &json!({ "accountId": id }));
        assert!(
            sent.starts_with(&format!("POST https://auth.flagship.io/{segment}/token?")),
            "{sent}"
        );
    }
    for id in [".", "..", "%2e", "%2E%2e", ".%2e", "%2e.", "", " "] {
        names("abtasty", &json!({ "accountId": id }), "accountId");
    }
}

#[test]
fn a_tenant_brings_no_scopes_along() {
    for tenant in [
        "acme admin",
        "acme\tadmin",
        "acme\n",
        "acme\u{a0}admin",
        " ",
        "",
    ] {
        names("emporix", &json!({ "tenant": tenant }), "tenant");
    }
    let sent = request("emporix", &json!({ "tenant": "acme&scope=admin" }));
    assert!(
        sent.ends_with("&scope=tenant%3Dacme%26scope%3Dadmin"),
        "{sent}"
    );
}

#[test]
fn a_base_url_is_one_that_all_parsers_read_alike() {
    for (base, url) in [
        (
            "https://gateway.example/apac/",
            "https://gateway.example/apac/v1/",
        ),
        ("HTTPS://Gateway.Example:443", "https://gateway.example/v1/"),
        (
            "https://gateway.example:8443",
            "https://gateway.example:8443/v1/",
        ),
        ("http://localhost:1", "http://localhost:1/v1/"),
        ("http://[::1]:1", "http://[::1]:1/v1/"),
    ] {
        let sent = request("firstvision", &json!({ "baseUrl": base }));
        assert!(sent.starts_with(&format!("POST {url}")), "{base}: {sent}");
    }
    for base in [
        "gateway.example",
        "//gateway.example",
        "https:gateway.example",
        "https://",
        "https://user:pass@gateway.example",
        "https://gateway.example@evil.example",
        "https://gateway.example\\@evil.example",
        "https://gateway.example?x=1",
        "https://gateway.example#x",
        "https://gateway.example/../x",
        "https://gateway.example/%2e%2e/x",
        "https://gateway.example /",
        "https://gateway.example\r\n",
        "https://gäteway.example",
        "https://gate%77ay.example",
        "https://127.1",
        "https://0x7f000001",
        "javascript:alert(1)",
        "http://gateway.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
    ] {
        names("firstvision", &json!({ "baseUrl": base }), "baseUrl");
    }
    names(
        "emporix",
        &json!({ "tokenEndpoint": "https://id.example/", "baseUrl": "https://id.example/" }),
        "tokenEndpoint",
    );
}

#[test]
fn plain_http_is_a_decision() {
    let endpoint = json!({ "tokenEndpoint": "http://id.example/token" });
    assert!(names("oauth2", &endpoint, "tokenEndpoint").contains("allowHttp"));
    let sent = request("oauth2", &with(endpoint, &json!({ "allowHttp": true })));
    assert!(sent.starts_with("POST http://id.example/token\n"), "{sent}");
    let own = json!({ "id": "mine", "request": { "url": "http://id.example/token" } });
    let message = refused(own, &json!({}));
    assert!(message.contains("allowHttp"), "{message}");
}

#[test]
fn headers_and_params_add_and_never_replace() {
    for value in ["a\r\nHost: evil", "a\n", "\ra", "a\0", " a", "a ", "€"] {
        names(
            "oauth2",
            &json!({ "headers": { "X-A": value } }),
            "headers.X-A",
        );
    }
    for name in ["X A", "X:A", "X-A\r\nHost", "é"] {
        names(
            "oauth2",
            &json!({ "headers": { name: "a" } }),
            &format!("headers.{name}"),
        );
    }
    for name in ["Authorization", "authorization", "Content-Type", "ACCEPT"] {
        names(
            "oauth2",
            &json!({ "headers": { name: "a" } }),
            &format!("headers.{}", name.to_ascii_lowercase()),
        );
    }
    assert!(
        refused(
            "oauth2",
            &with(
                good("oauth2"),
                &json!({ "headers": { "X-A": "1", "x-a": "2" } })
            )
        )
        .contains("twice")
    );
    for name in ["grant_type", "client_id", "client_secret", "scope"] {
        names(
            "emporix",
            &json!({ "params": { name: "a" } }),
            &format!("params.{name}"),
        );
    }
    names(
        "firstvision-query",
        &json!({ "params": { "scope": "a" } }),
        "params.scope",
    );
}

#[test]
fn members_of_object_prototype_are_no_fields() {
    for name in [
        "constructor",
        "toString",
        "hasOwnProperty",
        "__defineGetter__",
    ] {
        names("oauth2", &json!({ name: "x" }), name);
        names(
            "oauth2",
            &json!({ "params": { name: "x" } }),
            &format!("params.{name}"),
        );
        names(
            "oauth2",
            &json!({ "headers": { name: "x" } }),
            &format!("headers.{name}"),
        );
        assert!(refused(name, &json!({})).starts_with("provider: "));
    }
}
