//! What is signed in a call, with what must hold of every JWT.

use tokenlet::flow::Plan;
use tokenlet::request::{HttpRequest, Jwt, Key, MASK, Part};
use tokenlet::text::split_before;
use tokenlet::value::Value;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};

/// What stands for a signed JWT, the client's, the grant's and the proof. No error may show it.
pub const SIGNED: [&str; 3] = ["s1gn3d.cl1ent.jwt", "s1gn3d.gr4nt.jwt", "s1gn3d.pr00f.jwt"];

/// Signs, after a look at what is to be signed.
pub fn sign(jwts: &[Jwt], plan: &Plan, nonce: Option<&str>) -> Vec<String> {
    let sign = |jwt: &Jwt| {
        assert_signable(jwt, plan);
        if jwt.part == Part::Proof {
            assert_eq!(jwt.claims.member("nonce").map(Value::own_text), nonce);
        }
        SIGNED[jwt.part as usize].to_owned()
    };
    jwts.iter().map(sign).collect()
}

/// Asserts that an error shows nothing of what was signed.
pub fn assert_kept(signed: &[Jwt], told: &Value) {
    let mut all = String::new();
    told.each_text(&mut |text| all.push_str(&text.to_ascii_lowercase()));
    for jwt in signed {
        let signed = SIGNED[jwt.part as usize];
        for spelling in [
            signed.to_owned(),
            BASE64_STANDARD.encode(signed).to_ascii_lowercase(),
            BASE64_URL_SAFE_NO_PAD.encode(signed).to_ascii_lowercase(),
        ] {
            assert!(!all.contains(&spelling), "{spelling} is told in {all}");
        }
    }
}

/// Asserts that a proof is of this request.
pub fn assert_proves(proof: &Jwt, request: &HttpRequest) {
    let claims = &proof.claims;
    assert_eq!(claims.text("htm"), request.method);
    assert_eq!(claims.text("htu"), split_before(&request.url, b"?").0);
    let (_, sent) = request
        .headers
        .iter()
        .find(|(name, _)| name == "dpop")
        .expect("a proof goes with each request");
    assert_eq!(sent.own_text(), SIGNED[2]);
}

fn assert_signable(jwt: &Jwt, plan: &Plan) {
    for members in [&jwt.header, &jwt.claims] {
        let Value::Object(members) = members else {
            panic!("no object is to be signed");
        };
        let named = |name: &String| members.iter().filter(|(known, _)| known == name).count();
        assert!(
            members.iter().all(|(name, _)| named(name) == 1),
            "a name is there twice"
        );
        let mut held = false;
        holds_key(&Value::Object(members.clone()), &mut held);
        assert!(!held, "a key is part of what is signed");
    }
    for claim in ["iat", "exp"] {
        let own = plan
            .descriptor
            .at("assertion.claims")
            .and_then(|claims| claims.member(claim));
        let given = plan
            .config
            .members("assertionClaims")
            .iter()
            .any(|(name, _)| name == claim);
        let needed = jwt.part != Part::Proof || claim == "iat";
        // Clocks are numbers that may be anything.
        let is_number = matches!(jwt.claims.member(claim), Some(Value::Number(_)));
        assert!(
            is_number || own.is_some() || given || !needed,
            "{claim} is no instant"
        );
    }
    let audience = jwt.claims.text("aud");
    assert!(!audience.contains(MASK), "nobody is called {audience}");
    match &jwt.key {
        Key::Held(field) => {
            let is_secret = field == "clientSecret";
            let held = matches!(plan.config.member(field), Some(Value::Held(_)));
            assert!(is_secret || held, "nothing is held as {field}");
        }
        Key::Text(field, _) => assert!(!field.is_empty()),
        Key::Pair(client) => assert!(client.starts_with(plan.descriptor.id())),
    }
}

fn holds_key(value: &Value, held: &mut bool) {
    match value {
        Value::Held(_) => *held = true,
        Value::Array(items) => items.iter().for_each(|item| holds_key(item, held)),
        Value::Object(members) => members
            .iter()
            .for_each(|(_, member)| holds_key(member, held)),
        _ => {}
    }
}
