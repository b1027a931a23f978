//! A PostgreSQL server of the tests' own: in a folder of its own, on a socket of its own, without a port. It
//! is stopped by a shell that waits for the end of a pipe, so it ends with the test program however that
//! ends.

#![allow(unreachable_pub)]

use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Names the server that is to be used instead, as postgres://user@host/name; its user must be allowed to
/// make databases.
pub const GIVEN: &str = "DOUBLE_RANDOM_POSTGRES";
/// Set to 1 where a missing server is a failure.
pub const REQUIRED: &str = "CI_REQUIRES_POSTGRES";

pub struct Server {
    /// Address without the name of a database: what stands before it, and what stands behind it.
    address: (String, String),
    home: Option<(PathBuf, PathBuf)>,
    /// Held open as long as the program runs.
    _pipe: Option<ChildStdin>,
}

/// A database that goes with its test.
pub struct Base {
    pub address: String,
    name: String,
    server: &'static Server,
}

/// Why there is no server, or the server of this test program.
pub fn server() -> Result<&'static Server, String> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| match std::env::var(GIVEN) {
        _ if !cfg!(feature = "postgres") => Err("built without the feature `postgres`".to_owned()),
        Ok(address) => Ok(Server::given(&address)),
        Err(_) => Server::start(),
    });
    let known = found.as_ref().map_err(Clone::clone);
    if let Err(why) = &known {
        assert!(std::env::var(REQUIRED).as_deref() != Ok("1"), "{REQUIRED}=1, and {why}");
        // Past the capture of the test harness: no reader may believe that these tests have run.
        use std::io::Write as _;
        let test = std::thread::current().name().unwrap_or("?").to_owned();
        let _ =
            writeln!(std::io::stderr(), "SKIPPED without PostgreSQL: {test} ({why}; {GIVEN} names a server)");
    }
    known
}

/// Where the programs of the server are.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push("/usr/local/bin".into());
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// A shell command, by the account of the server where we are root, as which it does not run.
fn shell(line: &str) -> Command {
    let mut command = if !is_root() {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        command
    } else if Command::new("runuser").arg("--version").output().is_ok() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", line]);
        command
    } else {
        let mut command = Command::new("su");
        command.args(["postgres", "-c", line]);
        command
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

fn told(line: &str) -> Result<(), String> {
    let output = shell(line).output().map_err(|error| format!("{line}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(format!("{line}: {said}")) }
}

impl Server {
    fn given(address: &str) -> Self {
        let (front, tail) =
            address.split_once('?').map_or((address, String::new()), |(a, b)| (a, format!("?{b}")));
        let front = front.rsplit_once('/').map_or(front, |(front, _)| front);
        Self { address: (format!("{front}/"), tail), home: None, _pipe: None }
    }

    fn start() -> Result<Self, String> {
        let bin = programs().ok_or("no initdb and pg_ctl are installed")?;
        // Not below TMPDIR: the path of a socket is short.
        let home =
            tempfile::Builder::new().prefix("drpg").tempdir_in("/tmp").map_err(|error| error.to_string())?;
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(home.path()).output();
            if !owned.is_ok_and(|output| output.status.success()) {
                return Err("there is no account postgres, and the server does not run as root".to_owned());
            }
        }
        let home = home.keep();
        let (bin, at) = (bin.display(), home.display());
        let started =
            told(&format!("{bin}/initdb -D {at}/data -U postgres -A trust -E UTF8 --locale=C --no-sync"))
                .and_then(|()| Self::run(Path::new(&bin.to_string()), &home));
        if let Err(why) = started {
            let _ = std::fs::remove_dir_all(&home);
            return Err(why);
        }
        // The pipe closes when this program is gone, killed or not.
        let line = format!("cat >/dev/null; {bin}/pg_ctl -D {at}/data -m immediate stop; rm -rf {at}");
        let mut guard = shell(&line);
        std::os::unix::process::CommandExt::process_group(&mut guard, 0);
        guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut guard = guard.spawn().map_err(|error| error.to_string())?;
        let socket = at.to_string().replace('/', "%2F");
        let address = (format!("postgres://postgres@{socket}/"), String::new());
        Ok(Self { address, home: Some((bin.to_string().into(), home)), _pipe: guard.stdin.take() })
    }

    fn run(bin: &Path, home: &Path) -> Result<(), String> {
        let (bin, at) = (bin.display(), home.display());
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={at} -c fsync=off -c full_page_writes=off -c \
             max_connections=60"
        );
        told(&format!("{bin}/pg_ctl -D {at}/data -w -t 60 -l {at}/log -o \"{options}\" start >/dev/null"))
    }

    /// Another server like this one, which a test may stop.
    pub fn own() -> Result<Self, String> {
        Self::start()
    }

    /// Stops it in the middle of its work; `false` of a server that is not ours.
    pub fn stop(&self) -> bool {
        let Some((bin, home)) = &self.home else { return false };
        let (bin, at) = (bin.display(), home.display());
        told(&format!("{bin}/pg_ctl -D {at}/data -m immediate -w stop >/dev/null")).is_ok()
    }

    /// Starts it again.
    pub fn start_again(&self) -> bool {
        self.home.as_ref().is_some_and(|(bin, home)| Self::run(bin, home).is_ok())
    }

    /// The address of a database of it.
    pub fn address(&self, name: &str) -> String {
        format!("{}{name}{}", self.address.0, self.address.1)
    }

    pub fn admin(&self) -> postgres::Client {
        postgres::Client::connect(&self.address("postgres"), postgres::NoTls).unwrap()
    }

    /// A new database, empty or like another that is not in use.
    pub fn base(&'static self, like: Option<&Base>) -> Base {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("office_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let like = like.map_or("template0", |base| base.name.as_str());
        let sql = format!("CREATE DATABASE {name} TEMPLATE {like}");
        // A client that has just gone may still be seen as a user of the other one.
        for wait in 0.. {
            match self.admin().batch_execute(&sql) {
                Ok(()) => break,
                Err(error) => assert!(wait < 100, "{sql}: {error:?}"),
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Base { address: self.address(&name), name, server: self }
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if let Ok(mut client) = postgres::Client::connect(&self.server.address("postgres"), postgres::NoTls) {
            let _ = client.batch_execute(&sql);
        }
    }
}
