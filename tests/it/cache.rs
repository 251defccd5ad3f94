//! The cache of `validate`: a run with it says to the byte what a run without it says, whatever happened
//! to the repository or to the cache in between.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use platform::clock::{self, Timestamp};
use platform::fs::TemporaryDirectory;
use platform::ops::catalog::CachePlace;
use platform::ops::validate::{Report, Request, validate};
use platform::rules::Settings;

use crate::support::cli::Sandbox;

/// A small generator with a fixed seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn component(name: &str, owner: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: service\n  \
         lifecycle: production\n  owner: {owner}\n"
    )
}

fn group(name: &str, parent: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: {name}\nspec:\n  type: team\n  \
         children: []\n  parent: {parent}\n"
    )
}

const TEMPLATE: &str = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: t\nspec:\n  \
    type: service\n  steps:\n    - id: a\n      action: fetch:template\n      input:\n        url: ./skeleton\n";

/// One text of a file, of any of the sorts that are treated in their own way.
fn text(random: &mut Random) -> String {
    let name = format!("n-{}", random.below(60));
    let team = format!("team-{}", random.below(12));
    match random.below(17) {
        0..=4 => component(&name, &team),
        5 | 6 => group(&team, &format!("team-{}", random.below(12))),
        7 => component(&name, &team).replace('\n', "\r\n"),
        8 => format!("{}---\n{}", component(&name, &team), component(&format!("{name}-b"), "nobody")),
        9 => component("Not A Name!", &team),
        10 => {
            component(&name, "component:x # platform: allow owner-not-a-group-or-user until 2030-01-31 later")
        }
        11 => "replicas: 3\nimage: nginx\n".to_owned(),
        12 => component(&name, &team) + "  system:\n    $text: ../system.txt\n",
        13 => "kind: [unclosed\n".to_owned(),
        14 => TEMPLATE.to_owned(),
        15 => "# nothing\n".to_owned(),
        _ => format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: {name}\nspec:\n  targets:\n    \
             - ./f-{}.yaml\n",
            random.below(40)
        ),
    }
}

fn path(root: &Path, random: &mut Random) -> PathBuf {
    let folders = ["catalog/a", "catalog/b", "catalog/a/skeleton", "other", "."];
    root.join(folders[random.below(folders.len())]).join(format!("f-{}.yaml", random.below(40)))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Changes something. What is written lies at least one step of the file system's clock behind the last
/// run: that the step itself is safe is another test.
fn change(root: &Path, random: &mut Random) {
    next_tick(root);
    let (one, other) = (path(root, random), path(root, random));
    match random.below(9) {
        0..=2 => write(&one, &text(random)),
        3 => drop(fs::remove_file(&one)),
        4 if one.exists() && other.exists() && one != other => {
            let aside = root.join("aside");
            fs::rename(&one, &aside).unwrap();
            fs::rename(&other, &one).unwrap();
            fs::rename(&aside, &other).unwrap();
        }
        5 if one.exists() => {
            // the same length and the same times, but for the one that cannot be set
            let modified = fs::metadata(&one).unwrap().modified().unwrap();
            let text = fs::read_to_string(&one).unwrap().replace("service", "website");
            write(&one, &text);
            fs::File::options().write(true).open(&one).unwrap().set_modified(modified).unwrap();
        }
        6 if one.exists() => write(&other, &fs::read_to_string(&one).unwrap()),
        7 if one.exists() => {
            fs::create_dir_all(other.parent().unwrap()).unwrap();
            fs::rename(&one, &other).unwrap();
        }
        _ => write(&root.join("catalog/system.txt"), ["shop", "", "Not A Name!"][random.below(3)]),
    }
}

/// Comes back when the clock of the file system has moved on.
fn next_tick(root: &Path) {
    let (file, changed) =
        (root.join("tick"), || fs::metadata(root.join("tick")).unwrap().modified().unwrap());
    fs::write(&file, "").unwrap();
    let start = changed();
    while changed() == start {
        fs::write(&file, "").unwrap();
    }
}

fn request(root: &Path, cache: Option<CachePlace>) -> Request {
    Request {
        root: root.to_path_buf(),
        catalog_paths: vec!["catalog".to_owned()],
        settings: Settings { is_whole_catalog: true, ..Settings::default() },
        now: Timestamp::parse("2026-11-22T10:00:00Z").unwrap(),
        paths: Vec::new(),
        before: None,
        overlay: BTreeMap::new(),
        absent: BTreeSet::new(),
        rendering: None,
        cache,
    }
}

/// A cache to which every file looks as if nobody had touched it for long.
fn cache(root: &Path) -> CachePlace {
    CachePlace { folder: root.join(".git/platform"), now: Timestamp(clock::now().0 + 1000) }
}

/// Everything that any format shows.
fn shown(report: &Report) -> String {
    let mut shown = format!("{} {}\n", report.entities, report.files);
    for finding in &report.findings {
        let places = finding.related.iter().map(|label| label.span);
        for span in std::iter::once(finding.primary.span).chain(places) {
            let text = report.sources.text(span.source).unwrap();
            writeln!(shown, "{} {:?}", report.sources.path(span.source), text.get(span.range())).unwrap();
        }
        writeln!(shown, "{finding:?}").unwrap();
    }
    shown + &format!("{:?}", report.waivers)
}

/// Runs with and without the cache, and returns how many files the cache knew by their stamps.
fn check(root: &Path, cache: CachePlace, what: &str) -> usize {
    check_all(root, cache, what).0
}

/// Runs with and without the cache, and returns how many files the cache knew by their stamps, and how many
/// more by their contents.
fn check_all(root: &Path, cache: CachePlace, what: &str) -> (usize, usize) {
    let with = validate(&request(root, Some(cache)));
    let without = validate(&request(root, None));
    assert_eq!(shown(&with), shown(&without), "{what}");
    assert_eq!((without.unread, without.unparsed), (0, 0));
    (with.unread, with.unparsed)
}

fn repository(seed: u64) -> (TemporaryDirectory, Random) {
    let folder = TemporaryDirectory::new("cache").unwrap();
    let mut random = Random(seed);
    for at in 0..40 {
        write(
            &folder.path().join(format!("catalog/team/team-{at}.yaml")),
            &group(&format!("team-{at}"), "team-0"),
        );
        let path = path(folder.path(), &mut random);
        write(&path, &text(&mut random));
    }
    (folder, random)
}

#[test]
fn a_run_with_the_cache_says_what_a_run_without_says() {
    let (mut known, mut runs) = (0, 0);
    for seed in 1..=12 {
        let (folder, mut random) = repository(seed * 7919);
        for round in 0..12 {
            for _ in 0..random.below(4) {
                change(folder.path(), &mut random);
            }
            next_tick(folder.path());
            known += check(folder.path(), cache(folder.path()), &format!("seed {seed} round {round}"));
            runs += 1;
        }
    }
    assert!(known > runs * 30, "the cache was of use: {known} files in {runs} runs");
}

#[test]
fn a_touched_file_is_read_but_not_parsed() {
    let (folder, _) = repository(8);
    let root = folder.path();
    check(root, cache(root), "first");
    let known = check(root, cache(root), "again");
    assert!(known > 40, "{known}");
    next_tick(root);
    touch(root);
    assert_eq!(check_all(root, cache(root), "touched"), (0, known));
    assert_eq!(check_all(root, cache(root), "its stamp is known again"), (known, 0));
    fs::rename(root.join("catalog/team"), root.join("catalog/squad")).unwrap();
    let (unread, unparsed) = check_all(root, cache(root), "another name");
    assert_eq!((unread + unparsed, unparsed), (known, 40));
}

/// Gives every file below a folder another time.
fn touch(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true if entry.file_name() == ".git" => {}
            true => touch(&entry.path()),
            false => {
                let file = fs::File::options().write(true).open(entry.path()).unwrap();
                file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
            }
        }
    }
}

#[test]
fn files_that_were_just_written_are_not_parsed_twice() {
    let (folder, _) = repository(8);
    let place = CachePlace { now: Timestamp(0), ..cache(folder.path()) };
    check(folder.path(), place.clone(), "first");
    let (unread, unparsed) = check_all(folder.path(), place, "no stamp is to be relied on");
    assert!(unread == 0 && unparsed > 40, "{unread} {unparsed}");
}

#[test]
fn the_way_back_to_another_branch_is_short() {
    let sandbox = Sandbox::new();
    let root = sandbox.path("");
    let teams = |parent: &str| {
        for at in 0..40 {
            sandbox.write(&format!("catalog/team-{at}.yaml"), &group(&format!("team-{at}"), parent));
        }
        sandbox.git(".", &["add", "-A"]);
        sandbox.git(".", &["commit", "-q", "-m", parent]);
    };
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    teams("team-0");
    sandbox.git(".", &["checkout", "-q", "-b", "other"]);
    teams("team-1");
    assert_eq!(check_all(&root, cache(&root), "the other branch for the first time"), (0, 0));
    sandbox.git(".", &["checkout", "-q", "main"]);
    assert_eq!(check_all(&root, cache(&root), "main for the first time"), (0, 0));
    for branch in ["other", "main", "other"] {
        sandbox.git(".", &["checkout", "-q", branch]);
        assert_eq!(check_all(&root, cache(&root), branch), (0, 40));
    }
}

#[test]
fn one_content_means_something_else_in_another_folder() {
    let (folder, _) = repository(9);
    let (root, file) = (folder.path(), |path: &str| folder.path().join(path));
    let location = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: NAME\nspec:\n  \
                    targets:\n    - ./near.yaml\n";
    // the target is there in one of the folders; no entities is a finding in none of them, but counts as a file
    write(&file("catalog/x/near.yaml"), "# nothing at all\n");
    write(&file("catalog/x/all.yaml"), location);
    let first = validate(&request(root, Some(cache(root))));
    let known = check(root, cache(root), "first");
    write(&file("other/near/near.yaml"), "# nothing at all\n");
    write(&file("other/near/catalog-info.yaml"), "# nothing at all\n");
    write(&file("catalog/y/all.yaml"), location);
    // the one without a name that counts is parsed
    assert_eq!(check_all(root, cache(root), "copies"), (known, 2));
    let second = validate(&request(root, None));
    assert_eq!(second.files, first.files + 2);
    let missing = |report: &Report| {
        let rules = report.findings.iter().filter(|finding| finding.rule.as_str() == "location-target");
        rules.count()
    };
    assert!(missing(&second) > missing(&first));
}

#[test]
fn other_folders_of_the_catalog_are_another_question() {
    let (folder, _) = repository(5);
    check(folder.path(), cache(folder.path()), "first");
    assert!(check(folder.path(), cache(folder.path()), "again") > 30);
    let mut elsewhere = request(folder.path(), Some(cache(folder.path())));
    elsewhere.catalog_paths = vec!["other".to_owned()];
    let with = validate(&elsewhere);
    elsewhere.cache = None;
    assert_eq!(shown(&with), shown(&validate(&elsewhere)));
}

#[test]
fn a_broken_cache_is_made_anew() {
    let (folder, mut random) = repository(3);
    let (root, file) = (folder.path(), folder.path().join(".git/platform/entities"));
    check(root, cache(root), "first");
    let good = fs::read(&file).unwrap();
    let mut broken: Vec<Vec<u8>> = vec![Vec::new(), b"something else\n".to_vec(), vec![0; 100_000]];
    for _ in 0..60 {
        let mut bytes = good.clone();
        bytes[random.below(good.len())] ^= 1 << random.below(8);
        broken.push(bytes);
        broken.push(good[..random.below(good.len())].to_vec());
    }
    for bytes in broken {
        fs::write(&file, &bytes).unwrap();
        assert_eq!(check(root, cache(root), "broken"), 0);
        assert!(fs::read(&file).unwrap() == good, "it was written anew");
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(check(root, cache(root), "a folder in its place"), 0);
}

#[test]
fn a_place_that_cannot_be_written_does_not_matter() {
    let (folder, _) = repository(4);
    fs::write(folder.path().join("file"), "").unwrap();
    let nowhere = CachePlace { folder: folder.path().join("file/platform"), ..cache(folder.path()) };
    assert_eq!(check(folder.path(), nowhere.clone(), "first"), 0);
    assert_eq!(check(folder.path(), nowhere, "again"), 0);
}

#[test]
fn a_file_that_was_just_changed_is_read_again() {
    let (folder, _) = repository(6);
    let place = || CachePlace { now: clock::now(), ..cache(folder.path()) };
    let file = folder.path().join("catalog/b/racy.yaml");
    for round in 0..50 {
        // as quick as it goes, and the length stays the same
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, component("racy", &format!("team-{}", 10 + round % 40))).unwrap();
        check(folder.path(), place(), "racy");
    }
}

/// A repository that Git knows, whose files are old enough to be remembered.
fn remembered() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    let mut random = Random(11);
    for at in 0..60 {
        sandbox.write(&format!("catalog/team/team-{at}.yaml"), &group(&format!("team-{at}"), "team-0"));
    }
    for _ in 0..20 {
        write(&path(&sandbox.path(""), &mut random), &text(&mut random));
    }
    let (start, written) = (Instant::now(), clock::now());
    // twice the coarsest step in which file systems write times
    while clock::now().0 < written.0 + 5 {
        sandbox.platform(["validate"]).run();
        assert!(start.elapsed() < Duration::from_mins(1), "the files never settle");
    }
    sandbox.platform(["validate"]).run();
    assert!(sandbox.path(".git/platform/entities").exists());
    sandbox
}

#[test]
fn every_format_is_the_same_with_and_without() {
    let sandbox = remembered();
    let formats = ["text", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab", "rdjson"];
    for format in formats {
        let run = || sandbox.platform(["validate", "-o", format]);
        let (warm, cold) = (run().run(), run().env("PLATFORM_CACHE", "off").run());
        assert_eq!(
            (warm.code, &warm.stdout, &warm.stderr),
            (cold.code, &cold.stdout, &cold.stderr),
            "{format}"
        );
        assert_eq!(warm.code, Some(1));
    }
    // a finding about two files, one of which is known
    sandbox.write("catalog/b/again.yaml", &group("team-7", "team-0"));
    let run = || sandbox.platform(["validate", "catalog/b/again.yaml"]);
    let (warm, cold) = (run().run(), run().env("PLATFORM_CACHE", "off").run());
    assert!(warm.stdout.contains("duplicate-entity"), "{warm}");
    assert_eq!(warm.stdout, cold.stdout);
}

#[test]
fn runs_side_by_side_do_not_disturb_each_other() {
    let sandbox = remembered();
    let expected = sandbox.platform(["validate"]).env("PLATFORM_CACHE", "off").run().stdout;
    let file = sandbox.path(".git/platform/entities");
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (sandbox, expected, file) = (&sandbox, &expected, &file);
            scope.spawn(move || {
                for _ in 0..10 {
                    if number == 0 {
                        let _ = fs::remove_file(file);
                    }
                    assert_eq!(&sandbox.platform(["validate"]).run().stdout, expected);
                }
            });
        }
    });
    let left = fs::read_dir(file.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "nothing but the cache is left");
}

#[test]
fn another_program_does_not_believe_the_cache() {
    let sandbox = remembered();
    let other = sandbox.path("platform");
    fs::copy(env!("CARGO_BIN_EXE_platform"), &other).unwrap();
    let file = sandbox.path(".git/platform/entities");
    let before = (fs::read(&file).unwrap(), fs::metadata(&file).unwrap().modified().unwrap());
    let run = |program: &Path| {
        let mut command = Command::new(program);
        command.arg("validate").env_clear().envs(sandbox.env()).current_dir(sandbox.path(""));
        command.output().unwrap().stdout
    };
    let first = run(Path::new(env!("CARGO_BIN_EXE_platform")));
    let same: SystemTime = fs::metadata(&file).unwrap().modified().unwrap();
    assert_eq!(same, before.1, "there was nothing to write");
    assert_eq!(run(&other), first);
    assert!(fs::read(&file).unwrap() != before.0, "the cache is the other program's now");
}
