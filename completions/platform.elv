
use builtin;
use str;

set edit:completion:arg-completer[platform] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'platform'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'platform'= {
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand tour 'The main job once, in a throw-away central repository'
            cand init 'Make a central repository, or add what is missing in one'
            cand new 'Make catalog entries from a template, by questions or by flags'
            cand new-service 'A service with all that belongs to it: `new service`'
            cand new-namespace 'A namespace: `new namespace`'
            cand new-dns 'A DNS entry: `new dns`'
            cand templates 'What can be made: the Software Templates'
            cand validate 'Check the catalog: every finding with its place, reason and fix'
            cand render 'What entities become in the cluster: Kubernetes objects, without any server'
            cand submit 'Send your changes: branch, commit, push, pull request; twice changes nothing'
            cand pr 'A pull request: look at it, or merge it on the local forge'
            cand status 'How far an entity has come: Git, pull request, cluster, Backstage'
            cand config 'Settings and where they come from'
            cand completions 'Completion script for a shell'
            cand version 'The version, and what it was built with'
            cand help 'This text, or help on a command or topic'
        }
        &'platform;tour'= {
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'platform;init'= {
            cand --team 'The first team in the catalog'
            cand --user-id 'Your object id in Entra ID; groups in the cluster are made of these'
            cand --base 'The branch that pull requests go to'
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --dry-run 'Only say what would be made'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;new'= {
            cand --set 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings'
            cand --answers 'Read answers from a YAML or JSON file, or from standard input with `-`'
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --dry-run 'Only show what would be written'
            cand --overwrite 'Replace files that are there'
            cand --submit 'Write nothing here: open the pull request at once'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;new-service'= {
            cand --set 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings'
            cand --answers 'Read answers from a YAML or JSON file, or from standard input with `-`'
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --dry-run 'Only show what would be written'
            cand --overwrite 'Replace files that are there'
            cand --submit 'Write nothing here: open the pull request at once'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;new-namespace'= {
            cand --set 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings'
            cand --answers 'Read answers from a YAML or JSON file, or from standard input with `-`'
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --dry-run 'Only show what would be written'
            cand --overwrite 'Replace files that are there'
            cand --submit 'Write nothing here: open the pull request at once'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;new-dns'= {
            cand --set 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings'
            cand --answers 'Read answers from a YAML or JSON file, or from standard input with `-`'
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --dry-run 'Only show what would be written'
            cand --overwrite 'Replace files that are there'
            cand --submit 'Write nothing here: open the pull request at once'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;templates'= {
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'What `platform new` can make'
        }
        &'platform;templates;list'= {
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;validate'= {
            cand -o 'Format of the findings'
            cand --output 'Format of the findings'
            cand --stdin-filename 'The path that the text on standard input counts as'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;render'= {
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;submit'= {
            cand -t 'Title of the commit and the pull request'
            cand --title 'Title of the commit and the pull request'
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --draft 'Open the pull request as a draft'
            cand --dry-run 'Only say what would be sent'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;pr'= {
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help'
            cand --help 'Print help'
            cand show 'A pull request and what it waits for'
            cand merge 'Merge a pull request of the built-in local forge; elsewhere people merge on the forge'
        }
        &'platform;pr;show'= {
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;pr;merge'= {
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;status'= {
            cand --snapshot 'Read the observed objects from a file, as `kubectl get -o yaml` writes it, instead of a cluster'
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;config'= {
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help'
            cand --help 'Print help'
            cand show 'Every setting, its value, and where it comes from'
        }
        &'platform;config;show'= {
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;completions'= {
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'platform;version'= {
            cand -o 'Format of the answer'
            cand --output 'Format of the answer'
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'platform;help'= {
            cand -C 'Run as if started in this folder'
            cand --directory 'Run as if started in this folder'
            cand --color 'When to use colour'
            cand --no-input 'Never ask: name every missing answer instead'
            cand -q 'Leave out hints and progress'
            cand --quiet 'Leave out hints and progress'
            cand -h 'Print help'
            cand --help 'Print help'
        }
    ]
    $completions[$command]
}
