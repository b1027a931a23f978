//! Disks that are full, may not be written, or take no long files.
#![allow(unreachable_pub)]

use crate::support::{Office, Out};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

/// A small file system, where we may mount one.
pub struct Small(PathBuf);

impl Small {
    pub fn new(office: &Office, kilobytes: u32) -> Option<Self> {
        let path = office.path("small");
        std::fs::create_dir_all(&path).unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "tmpfs"])
            .arg(&path)
            .output();
        done.is_ok_and(|output| output.status.success()).then_some(Self(path))
    }

    pub fn read_only(&self, yes: bool) {
        let how = if yes { "remount,ro" } else { "remount,rw" };
        assert!(Command::new("mount").args(["-o", how]).arg(&self.0).status().unwrap().success());
    }

    /// Takes all the room but so many bytes.
    pub fn fill(&self, but: u64) {
        let path = self.0.join("ballast");
        let mut file = std::fs::File::create(&path).unwrap();
        while std::io::Write::write(&mut file, &[0; 1024]).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(but)).unwrap();
    }

    pub fn clear(&self) {
        std::fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// A command that may make no file longer than so many blocks of 512 bytes, and is not killed for trying.
pub fn limited(office: &Office, line: &str, blocks: u64) -> Out {
    let inner = office.command(line);
    let mut outer = Command::new("sh");
    outer.arg0("sh").args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    outer.arg(inner.get_program()).args(inner.get_args()).current_dir(office.path("."));
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    Office::done(&mut outer)
}
