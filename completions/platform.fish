# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_platform_global_optspecs
    string join \n C/directory= color= no-input q/quiet h/help V/version
end

function __fish_platform_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_platform_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_platform_using_subcommand
    set -l cmd (__fish_platform_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c platform -n "__fish_platform_needs_command" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_needs_command" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_needs_command" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_needs_command" -s h -l help -d 'Print help'
complete -c platform -n "__fish_platform_needs_command" -s V -l version -d 'Print version'
complete -c platform -n "__fish_platform_needs_command" -f -a "tour" -d 'The main job once, in a throw-away central repository'
complete -c platform -n "__fish_platform_needs_command" -f -a "init" -d 'Make a central repository, or add what is missing in one'
complete -c platform -n "__fish_platform_needs_command" -f -a "new" -d 'Make catalog entries from a template, by questions or by flags'
complete -c platform -n "__fish_platform_needs_command" -f -a "new-service" -d 'A service with all that belongs to it: `new service`'
complete -c platform -n "__fish_platform_needs_command" -f -a "new-namespace" -d 'A namespace: `new namespace`'
complete -c platform -n "__fish_platform_needs_command" -f -a "new-dns" -d 'A DNS entry: `new dns`'
complete -c platform -n "__fish_platform_needs_command" -f -a "edit" -d 'Change fields of an entity; comments and layout stay'
complete -c platform -n "__fish_platform_needs_command" -f -a "add-member" -d 'Make a user a member of a group, or end it with `--remove`'
complete -c platform -n "__fish_platform_needs_command" -f -a "retire" -d 'Take entities out of the catalog, with all that names them'
complete -c platform -n "__fish_platform_needs_command" -f -a "rename" -d 'Give an entity another name; all that name it follow'
complete -c platform -n "__fish_platform_needs_command" -f -a "move" -d 'Move an entity to another file, namespace, system or domain; all that name it follow'
complete -c platform -n "__fish_platform_needs_command" -f -a "templates" -d 'What can be made: the Software Templates'
complete -c platform -n "__fish_platform_needs_command" -f -a "list" -d 'The entities of the catalog'
complete -c platform -n "__fish_platform_needs_command" -f -a "show" -d 'One entity with all that it is related to'
complete -c platform -n "__fish_platform_needs_command" -f -a "types" -d 'What Resources can be: the resource types'
complete -c platform -n "__fish_platform_needs_command" -f -a "validate" -d 'Check the catalog: every finding with its place, reason and fix'
complete -c platform -n "__fish_platform_needs_command" -f -a "explain" -d 'Why a rule exists, a wrong and a right example, how to mend or allow it'
complete -c platform -n "__fish_platform_needs_command" -f -a "render" -d 'What entities become in the cluster: Kubernetes objects, without any server'
complete -c platform -n "__fish_platform_needs_command" -f -a "diff" -d 'What your changes do: objects, access, risks; before anybody merges them'
complete -c platform -n "__fish_platform_needs_command" -f -a "codeowners" -d 'Who is asked to approve: CODEOWNERS from who owns what in the catalog'
complete -c platform -n "__fish_platform_needs_command" -f -a "submit" -d 'Send your changes: branch, commit, push, pull request; twice changes nothing'
complete -c platform -n "__fish_platform_needs_command" -f -a "pr" -d 'A pull request: look at it, or merge it on the local forge'
complete -c platform -n "__fish_platform_needs_command" -f -a "status" -d 'How far an entity has come: Git, pull request, cluster, Backstage'
complete -c platform -n "__fish_platform_needs_command" -f -a "config" -d 'Settings and where they come from'
complete -c platform -n "__fish_platform_needs_command" -f -a "completions" -d 'Completion script for a shell'
complete -c platform -n "__fish_platform_needs_command" -f -a "version" -d 'The version, and what it was built with'
complete -c platform -n "__fish_platform_needs_command" -f -a "help" -d 'This text, or help on a command or topic'
complete -c platform -n "__fish_platform_using_subcommand tour" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand tour" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand tour" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand tour" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand tour" -s h -l help -d 'Print help'
complete -c platform -n "__fish_platform_using_subcommand init" -l team -d 'The first team in the catalog' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l user-name -d 'Your name, for the catalog; what Git knows by default' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l user-email -d 'Your e-mail address; what Git knows by default' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l user-id -d 'Your object id in Entra ID; groups in the cluster are made of these' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l repository -d 'Where the repository is or will be; the remote `origin` by default' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l forge -d 'The forge whose CI checks it; told by the URL where it can be' -r -f -a "github\t''
gitlab\t''
gitea\t''
forgejo\t''
azure\t''
none\t'No CI file'"
complete -c platform -n "__fish_platform_using_subcommand init" -l org -d 'The organisation whose teams review; that of the URL by default' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l gitops -d 'What brings objects to the clusters [default: argocd]' -r -f -a "argocd\t''
flux\t''
none\t'No files for it'"
complete -c platform -n "__fish_platform_using_subcommand init" -l cluster -d 'A cluster, the first for entities that name none; may be given many times [default: main]' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l zone -d 'A DNS zone in which names may be asked for; may be given many times [default: any]' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l type -d 'A built-in resource type to copy, or `none`; may be given many times [default: all that need no kro]' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l template -d 'A built-in template to copy, or `none`; may be given many times [default: service]' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l platform-source -d 'Where CI gets this program from: `path` (the machine has it), `image:REFERENCE`, or `git:URL` (Cargo builds it) [default: path]' -r
complete -c platform -n "__fish_platform_using_subcommand init" -l base -d 'The branch that pull requests go to' -r
complete -c platform -n "__fish_platform_using_subcommand init" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand init" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand init" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand init" -s n -l dry-run -d 'Only say what would be made'
complete -c platform -n "__fish_platform_using_subcommand init" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand init" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand new" -l set -d 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings' -r
complete -c platform -n "__fish_platform_using_subcommand new" -l answers -d 'Read answers from a YAML or JSON file, or from standard input with `-`' -r -F
complete -c platform -n "__fish_platform_using_subcommand new" -l repository -d 'The central repository, by its address: no clone of it is needed with --submit' -r
complete -c platform -n "__fish_platform_using_subcommand new" -l trust -d 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough' -r
complete -c platform -n "__fish_platform_using_subcommand new" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand new" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand new" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand new" -l recover -d 'Take up the answers of the last run again, which failed or was interrupted'
complete -c platform -n "__fish_platform_using_subcommand new" -l remote -d 'Run the template on the Backstage of `backstage.url`, in place of here'
complete -c platform -n "__fish_platform_using_subcommand new" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand new" -l overwrite -d 'Replace files that are there'
complete -c platform -n "__fish_platform_using_subcommand new" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand new" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand new" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand new-service" -l set -d 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings' -r
complete -c platform -n "__fish_platform_using_subcommand new-service" -l answers -d 'Read answers from a YAML or JSON file, or from standard input with `-`' -r -F
complete -c platform -n "__fish_platform_using_subcommand new-service" -l repository -d 'The central repository, by its address: no clone of it is needed with --submit' -r
complete -c platform -n "__fish_platform_using_subcommand new-service" -l trust -d 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough' -r
complete -c platform -n "__fish_platform_using_subcommand new-service" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand new-service" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand new-service" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand new-service" -l recover -d 'Take up the answers of the last run again, which failed or was interrupted'
complete -c platform -n "__fish_platform_using_subcommand new-service" -l remote -d 'Run the template on the Backstage of `backstage.url`, in place of here'
complete -c platform -n "__fish_platform_using_subcommand new-service" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand new-service" -l overwrite -d 'Replace files that are there'
complete -c platform -n "__fish_platform_using_subcommand new-service" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand new-service" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand new-service" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand new-service" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l set -d 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings' -r
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l answers -d 'Read answers from a YAML or JSON file, or from standard input with `-`' -r -F
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l repository -d 'The central repository, by its address: no clone of it is needed with --submit' -r
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l trust -d 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough' -r
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l recover -d 'Take up the answers of the last run again, which failed or was interrupted'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l remote -d 'Run the template on the Backstage of `backstage.url`, in place of here'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l overwrite -d 'Replace files that are there'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand new-namespace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l set -d 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings' -r
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l answers -d 'Read answers from a YAML or JSON file, or from standard input with `-`' -r -F
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l repository -d 'The central repository, by its address: no clone of it is needed with --submit' -r
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l trust -d 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough' -r
complete -c platform -n "__fish_platform_using_subcommand new-dns" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand new-dns" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l recover -d 'Take up the answers of the last run again, which failed or was interrupted'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l remote -d 'Run the template on the Backstage of `backstage.url`, in place of here'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l overwrite -d 'Replace files that are there'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand new-dns" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand edit" -l set -d 'Give a field a value, as in `spec.owner=group:shop`; may be given many times. Values are YAML scalars, or JSON for lists and mappings; quote with `"` what shall be text' -r
complete -c platform -n "__fish_platform_using_subcommand edit" -l unset -d 'Remove a field, as in `metadata.title`; may be given many times' -r
complete -c platform -n "__fish_platform_using_subcommand edit" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand edit" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand edit" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand edit" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand edit" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand edit" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand edit" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand add-member" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand add-member" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand add-member" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand add-member" -l remove -d 'End the membership instead'
complete -c platform -n "__fish_platform_using_subcommand add-member" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand add-member" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand add-member" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand add-member" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand add-member" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand retire" -l replace-with -d 'Let others name this entity in their place' -r
complete -c platform -n "__fish_platform_using_subcommand retire" -l confirm -d 'Agree that Kubernetes objects are destroyed: the name of the entity; may be given many times' -r
complete -c platform -n "__fish_platform_using_subcommand retire" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand retire" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand retire" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand retire" -l cascade -d 'Retire with them what is part of them, and the Resources that depend on them'
complete -c platform -n "__fish_platform_using_subcommand retire" -l unlink -d 'Take out the references of others that can do without'
complete -c platform -n "__fish_platform_using_subcommand retire" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand retire" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand retire" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand retire" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand rename" -l confirm -d 'Agree that Kubernetes objects are destroyed: the name of the entity; may be given many times' -r
complete -c platform -n "__fish_platform_using_subcommand rename" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand rename" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand rename" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand rename" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand rename" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand rename" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand rename" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand move" -l to -d 'The file or folder that it goes to; a file that is there gets one more document' -r
complete -c platform -n "__fish_platform_using_subcommand move" -l namespace -d 'The namespace that it goes to; references follow' -r
complete -c platform -n "__fish_platform_using_subcommand move" -l system -d 'The System that it is part of from now on' -r
complete -c platform -n "__fish_platform_using_subcommand move" -l domain -d 'The Domain that it is part of from now on' -r
complete -c platform -n "__fish_platform_using_subcommand move" -l confirm -d 'Agree that Kubernetes objects are destroyed: the name of the entity; may be given many times' -r
complete -c platform -n "__fish_platform_using_subcommand move" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand move" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand move" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand move" -l dry-run -d 'Only show what would be written'
complete -c platform -n "__fish_platform_using_subcommand move" -l submit -d 'Write nothing here: open the pull request at once'
complete -c platform -n "__fish_platform_using_subcommand move" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand move" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -s h -l help -d 'Print help'
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -f -a "list" -d 'What `platform new` can make'
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -f -a "show" -d 'What a template asks for, and what becomes of its steps here'
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -f -a "lint" -d 'What is likely wrong in templates'
complete -c platform -n "__fish_platform_using_subcommand templates; and not __fish_seen_subcommand_from list show lint test" -f -a "test" -d 'Run the tests of templates: `tests/CASE/answers.yaml` must make `tests/CASE/expected/`'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from list" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from show" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from lint" -s o -l output -d 'Format of the findings' -r -f -a "text\t'With an excerpt of the file'
concise\t'One line each'
json\t'One JSON document'
jsonl\t'One JSON object a line'
sarif\t'SARIF 2.1.0, for code scanning'
junit\t'JUnit XML, for test reports'
github\t'Annotations of GitHub Actions'
gitlab\t'A Code Quality report of GitLab'
rdjson\t'For reviewdog'"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from lint" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from lint" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from lint" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from test" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from test" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from test" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from test" -l update -d 'Make what differs the expected'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand templates; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand list" -l kind -d 'Only entities of this kind' -r
complete -c platform -n "__fish_platform_using_subcommand list" -l type -d 'Only entities of this `spec.type`' -r
complete -c platform -n "__fish_platform_using_subcommand list" -l owner -d 'Only what this group or user owns' -r
complete -c platform -n "__fish_platform_using_subcommand list" -l system -d 'Only what is part of this system' -r
complete -c platform -n "__fish_platform_using_subcommand list" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand list" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand list" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand list" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand show" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand show" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand show" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand show" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -s h -l help -d 'Print help'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -f -a "list" -d 'The types that Resources can have, and where they come from'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -f -a "show" -d 'What a type is for and which parameters it takes'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -f -a "lint" -d 'Check the definitions of types'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -f -a "test" -d 'Run the tests of types: `tests/CASE/entity.yaml` must become `tests/CASE/expected.yaml`'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -f -a "new" -d 'Make a new type: its definition, what the cluster needs for it, and a first test'
complete -c platform -n "__fish_platform_using_subcommand types; and not __fish_seen_subcommand_from list show lint test new pull-crds" -f -a "pull-crds" -d 'Copy definitions of kinds (CRDs) from a cluster to `crds/`, to check objects without it'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from list" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from show" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from lint" -s o -l output -d 'Format of the findings' -r -f -a "text\t'With an excerpt of the file'
json\t'One JSON document'"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from lint" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from lint" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from lint" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from test" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from test" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from test" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from test" -l update -d 'Make what differs the expected'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -l kind -d 'What its Resources become' -r -f -a "manifests\t'Plain manifests'
composite\t'One Crossplane composite resource'
kro\t'One kro instance'"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -s n -l dry-run -d 'Show the files and write nothing'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -l context -d 'The context of the kubeconfig; the current one by default' -r
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -l all -d 'Every definition of the cluster'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -s n -l dry-run -d 'Show what would change and write nothing'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand types; and __fish_seen_subcommand_from pull-crds" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand validate" -s o -l output -d 'Format of the findings' -r -f -a "text\t'With an excerpt of the file'
concise\t'One line each'
json\t'One JSON document'
jsonl\t'One JSON object a line'
sarif\t'SARIF 2.1.0, for code scanning'
junit\t'JUnit XML, for test reports'
github\t'Annotations of GitHub Actions'
gitlab\t'A Code Quality report of GitLab'
rdjson\t'For reviewdog'"
complete -c platform -n "__fish_platform_using_subcommand validate" -l changed -d 'Report on what changed since BASE and on what that breaks elsewhere, uncommitted changes included; without BASE, since the branch that requests go to' -r
complete -c platform -n "__fish_platform_using_subcommand validate" -l stdin-filename -d 'The path that the text on standard input counts as' -r -F
complete -c platform -n "__fish_platform_using_subcommand validate" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand validate" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand validate" -l fix -d 'Carry out the repairs that are safe; every other byte stays'
complete -c platform -n "__fish_platform_using_subcommand validate" -l dry-run -d 'With --fix: show the difference and write nothing'
complete -c platform -n "__fish_platform_using_subcommand validate" -l waivers -d 'List the comments that allow findings: until when, why, and whether they are needed'
complete -c platform -n "__fish_platform_using_subcommand validate" -l policies-test -d 'Run the good and the bad example of each policy in `policies/`, and look at nothing else'
complete -c platform -n "__fish_platform_using_subcommand validate" -l hook -d 'For commit hooks: report on PATH... and on what the commit breaks elsewhere. Paths that are gone and files that Git does not track are passed over'
complete -c platform -n "__fish_platform_using_subcommand validate" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand validate" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand explain" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand explain" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand explain" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand explain" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand render" -l context -d 'The context of the kubeconfig that --server-dry-run asks; the current one by default' -r
complete -c platform -n "__fish_platform_using_subcommand render" -l cluster -d 'Only what goes to this cluster' -r
complete -c platform -n "__fish_platform_using_subcommand render" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand render" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand render" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand render" -l write -d 'Write the objects to `rendered/`, a file for each entity, and remove those of entities that are gone'
complete -c platform -n "__fish_platform_using_subcommand render" -s n -l dry-run -d 'Show what --write would do'
complete -c platform -n "__fish_platform_using_subcommand render" -l check -d 'Fail (exit code 3) when `rendered/` is not what the entities become'
complete -c platform -n "__fish_platform_using_subcommand render" -l stdout -d 'Print manifests only, and none at all when one entity cannot be rendered: for Argo CD (`platform help argocd-plugin`)'
complete -c platform -n "__fish_platform_using_subcommand render" -l server-dry-run -d 'Ask an API server whether it would take the objects, without storing them (server-side apply with `dryRun`), and show what it would refuse at the lines of the entities'
complete -c platform -n "__fish_platform_using_subcommand render" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand render" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand render" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand diff" -l head -d 'Compare this commit with BASE, and not the files of the work tree' -r
complete -c platform -n "__fish_platform_using_subcommand diff" -l fail-on -d 'Fail (exit code 1) when something is destroyed, or when a risk is high; an entity whose annotation `platform.internal/allow-destroy` names a day is let go until then' -r -f -a "destroy\t'Entities or objects that are destroyed'
risk\t'Risks that are high'
nothing\t'Nothing, whatever `diff.failOn` says'"
complete -c platform -n "__fish_platform_using_subcommand diff" -l cluster -d 'The cluster that --live asks, by its name in the catalog; the one of `render.cluster` by default' -r
complete -c platform -n "__fish_platform_using_subcommand diff" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'
markdown\t'For a pull request'"
complete -c platform -n "__fish_platform_using_subcommand diff" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand diff" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand diff" -l live -d 'Ask the cluster too: what applying the objects would change there, drift included. Nothing is stored'
complete -c platform -n "__fish_platform_using_subcommand diff" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand diff" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand codeowners" -l org -d 'The organisation whose teams are called like the groups; codeowners.org of platform.yaml, or that of the remote by default' -r
complete -c platform -n "__fish_platform_using_subcommand codeowners" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand codeowners" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand codeowners" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand codeowners" -l write -d 'Write the lines between the marks of CODEOWNERS; what stands around them stays'
complete -c platform -n "__fish_platform_using_subcommand codeowners" -s n -l dry-run -d 'Show what --write would change'
complete -c platform -n "__fish_platform_using_subcommand codeowners" -l check -d 'Fail (exit code 3) when CODEOWNERS is not what the catalog says'
complete -c platform -n "__fish_platform_using_subcommand codeowners" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand codeowners" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand codeowners" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand submit" -s t -l title -d 'Title of the commit and the pull request' -r
complete -c platform -n "__fish_platform_using_subcommand submit" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand submit" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand submit" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand submit" -l draft -d 'Open the pull request as a draft'
complete -c platform -n "__fish_platform_using_subcommand submit" -l dry-run -d 'Only say what would be sent'
complete -c platform -n "__fish_platform_using_subcommand submit" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand submit" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand submit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand pr; and not __fish_seen_subcommand_from show merge" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand pr; and not __fish_seen_subcommand_from show merge" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand pr; and not __fish_seen_subcommand_from show merge" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand pr; and not __fish_seen_subcommand_from show merge" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand pr; and not __fish_seen_subcommand_from show merge" -s h -l help -d 'Print help'
complete -c platform -n "__fish_platform_using_subcommand pr; and not __fish_seen_subcommand_from show merge" -f -a "show" -d 'A pull request and what it waits for'
complete -c platform -n "__fish_platform_using_subcommand pr; and not __fish_seen_subcommand_from show merge" -f -a "merge" -d 'Merge a pull request of the built-in local forge; elsewhere people merge on the forge'
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from show" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from merge" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from merge" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from merge" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from merge" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from merge" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand pr; and __fish_seen_subcommand_from merge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand status" -l snapshot -d 'Read the observed objects from a file, as `kubectl get -o yaml` writes it, instead of a cluster' -r -F
complete -c platform -n "__fish_platform_using_subcommand status" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand status" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand status" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand status" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand status" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand config; and not __fish_seen_subcommand_from show" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand config; and not __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand config; and not __fish_seen_subcommand_from show" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand config; and not __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand config; and not __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c platform -n "__fish_platform_using_subcommand config; and not __fish_seen_subcommand_from show" -f -a "show" -d 'Every setting, its value, and where it comes from'
complete -c platform -n "__fish_platform_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand config; and __fish_seen_subcommand_from show" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand completions" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand completions" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand completions" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand completions" -s h -l help -d 'Print help'
complete -c platform -n "__fish_platform_using_subcommand version" -s o -l output -d 'Format of the answer' -r -f -a "text\t'For people; not a contract'
json\t'With `schemaVersion`'
yaml\t'The same as YAML'"
complete -c platform -n "__fish_platform_using_subcommand version" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand version" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand version" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand version" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c platform -n "__fish_platform_using_subcommand help" -s C -l directory -d 'Run as if started in this folder' -r -F
complete -c platform -n "__fish_platform_using_subcommand help" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c platform -n "__fish_platform_using_subcommand help" -l no-input -d 'Never ask: name every missing answer instead'
complete -c platform -n "__fish_platform_using_subcommand help" -s q -l quiet -d 'Leave out hints and progress'
complete -c platform -n "__fish_platform_using_subcommand help" -s h -l help -d 'Print help'
