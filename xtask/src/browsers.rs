//! The browsers that tests run in, and their drivers.

use crate::debian;
use crate::tools;
use crate::workspace::find_program;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What Debian calls everything that the browser tests need.
const DEBIAN: [&str; 5] = [
    "chromium",
    "chromium-driver",
    "firefox-esr",
    "webkit2gtk-driver",
    "xvfb",
];

/// A browser that wasm-pack can run tests in.
pub(crate) struct Browser {
    /// As wasm-pack calls it.
    pub(crate) name: &'static str,
    pub(crate) driver_name: &'static str,
    /// Where the driver is, when the browser is there too; or else what to install.
    pub(crate) driver: Result<PathBuf, String>,
}

impl Browser {
    /// The variable by which other programs find the driver, `CHROMEDRIVER` for one.
    pub(crate) fn variable(&self) -> Option<(String, OsString)> {
        let driver = self.driver.as_ref().ok()?;
        Some((self.driver_name.to_uppercase(), driver.clone().into()))
    }
}

/// Finds the browsers, after installing them where that can be done without asking.
pub(crate) fn provide() -> Vec<Browser> {
    if !all_present() {
        debian::provide("browsers", &DEBIAN);
    }
    let browser = |name, driver_name, driver| Browser {
        name,
        driver_name,
        driver,
    };
    let browsers = vec![
        browser("chrome", "chromedriver", chrome()),
        browser("firefox", "geckodriver", firefox()),
    ];
    for Browser { name, driver, .. } in &browsers {
        match driver {
            Ok(driver) => println!("  {name}: {}", driver.display()),
            Err(advice) => println!("  {name}: not here; {advice}"),
        }
    }
    browsers
}

fn all_present() -> bool {
    // WebKit's driver cannot be had outside Linux, and Safari's needs no installation.
    let webkit = env::consts::OS != "linux" || webkit_present();
    chrome().is_ok() && firefox_browser().is_some() && webkit
}

fn chrome() -> Result<PathBuf, String> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let browser = find_program(&names).or_else(|| application("Google Chrome"));
    match (
        browser,
        chosen("CHROMEDRIVER").or_else(|| find_program(&["chromedriver"])),
    ) {
        (Some(_), Some(driver)) => Ok(driver),
        (None, _) => Err("install Chromium (Debian: chromium)".to_owned()),
        (_, None) => Err("install chromedriver (Debian: chromium-driver)".to_owned()),
    }
}

fn firefox() -> Result<PathBuf, String> {
    if firefox_browser().is_none() {
        return Err("install Firefox (Debian: firefox-esr)".to_owned());
    }
    if let Some(driver) = chosen("GECKODRIVER").or_else(|| find_program(&["geckodriver"])) {
        return Ok(driver);
    }
    tools::GECKODRIVER
        .provide()
        .map_err(|error| format!("install geckodriver: {error:#}"))
}

fn firefox_browser() -> Option<PathBuf> {
    find_program(&["firefox-esr", "firefox"]).or_else(|| application("Firefox"))
}

fn webkit_present() -> bool {
    find_program(&["WebKitWebDriver"]).is_some() && find_program(&["Xvfb"]).is_some()
}

/// A driver that the user named; a name that leads nowhere is passed over.
fn chosen(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}

/// A macOS application, which is not on `PATH`.
fn application(name: &str) -> Option<PathBuf> {
    let path = Path::new("/Applications").join(format!("{name}.app"));
    path.is_dir().then_some(path)
}
