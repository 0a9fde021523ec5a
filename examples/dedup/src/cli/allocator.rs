//! When does the allocator give memory back to the system?
#![allow(unsafe_code)]

/// From now on, the allocator returns blocks of 1 MB or more as soon as they are freed, and the end of the heap as soon as
/// 128 kB of it are free.
///
/// glibc starts with a limit of 128 kB, but raises it to the size of every larger block that is freed, up to 32 MB. Memory
/// that is freed later then stays with the program, in pieces. With this setting, a run on 10,000 documents of 45 MB held 68
/// MB instead of 92, for 3 to 5 % more CPU time.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes two numbers and may be called at any time; the program has no other thread yet.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20);
    }
}
