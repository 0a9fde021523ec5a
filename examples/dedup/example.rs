//! The program, as the first command of the README runs it.
fn main() -> std::process::ExitCode {
    dedup::main()
}
