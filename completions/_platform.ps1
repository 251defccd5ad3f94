
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'platform' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'platform'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'platform' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('tour', 'tour', [CompletionResultType]::ParameterValue, 'The main job once, in a throw-away central repository')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a central repository, or add what is missing in one')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make catalog entries from a template, by questions or by flags')
            [CompletionResult]::new('new-service', 'new-service', [CompletionResultType]::ParameterValue, 'A service with all that belongs to it: `new service`')
            [CompletionResult]::new('new-namespace', 'new-namespace', [CompletionResultType]::ParameterValue, 'A namespace: `new namespace`')
            [CompletionResult]::new('new-dns', 'new-dns', [CompletionResultType]::ParameterValue, 'A DNS entry: `new dns`')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change fields of an entity; comments and layout stay')
            [CompletionResult]::new('add-member', 'add-member', [CompletionResultType]::ParameterValue, 'Make a user a member of a group, or end it with `--remove`')
            [CompletionResult]::new('retire', 'retire', [CompletionResultType]::ParameterValue, 'Take entities out of the catalog, with all that names them')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give an entity another name; all that name it follow')
            [CompletionResult]::new('move', 'move', [CompletionResultType]::ParameterValue, 'Move an entity to another file, namespace, system or domain; all that name it follow')
            [CompletionResult]::new('templates', 'templates', [CompletionResultType]::ParameterValue, 'What can be made: the Software Templates')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'The entities of the catalog')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'One entity with all that it is related to')
            [CompletionResult]::new('types', 'types', [CompletionResultType]::ParameterValue, 'What Resources can be: the resource types')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check the catalog: every finding with its place, reason and fix')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Why a rule exists, a wrong and a right example, how to mend or allow it')
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'What entities become in the cluster: Kubernetes objects, without any server')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'What your changes do: objects, access, risks; before anybody merges them')
            [CompletionResult]::new('codeowners', 'codeowners', [CompletionResultType]::ParameterValue, 'Who is asked to approve: CODEOWNERS from who owns what in the catalog')
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Send your changes: branch, commit, push, pull request; twice changes nothing')
            [CompletionResult]::new('pr', 'pr', [CompletionResultType]::ParameterValue, 'A pull request: look at it, or merge it on the local forge')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'How far an entity has come: Git, pull request, cluster, Backstage')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Settings and where they come from')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Completion script for a shell')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'The version, and what it was built with')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'This text, or help on a command or topic')
            break
        }
        'platform;tour' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'platform;init' {
            [CompletionResult]::new('--team', '--team', [CompletionResultType]::ParameterName, 'The first team in the catalog')
            [CompletionResult]::new('--user-name', '--user-name', [CompletionResultType]::ParameterName, 'Your name, for the catalog; what Git knows by default')
            [CompletionResult]::new('--user-email', '--user-email', [CompletionResultType]::ParameterName, 'Your e-mail address; what Git knows by default')
            [CompletionResult]::new('--user-id', '--user-id', [CompletionResultType]::ParameterName, 'Your object id in Entra ID; groups in the cluster are made of these')
            [CompletionResult]::new('--repository', '--repository', [CompletionResultType]::ParameterName, 'Where the repository is or will be; the remote `origin` by default')
            [CompletionResult]::new('--forge', '--forge', [CompletionResultType]::ParameterName, 'The forge whose CI checks it; told by the URL where it can be')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'The organisation whose teams review; that of the URL by default')
            [CompletionResult]::new('--gitops', '--gitops', [CompletionResultType]::ParameterName, 'What brings objects to the clusters [default: argocd]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'A cluster, the first for entities that name none; may be given many times [default: main]')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'A DNS zone in which names may be asked for; may be given many times [default: any]')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'A built-in resource type to copy, or `none`; may be given many times [default: all that need no kro]')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'A built-in template to copy, or `none`; may be given many times [default: service]')
            [CompletionResult]::new('--platform-source', '--platform-source', [CompletionResultType]::ParameterName, 'Where CI gets this program from: `path` (the machine has it), `image:REFERENCE`, or `git:URL` (Cargo builds it) [default: path]')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'The branch that pull requests go to')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be made')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be made')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;new' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings')
            [CompletionResult]::new('--answers', '--answers', [CompletionResultType]::ParameterName, 'Read answers from a YAML or JSON file, or from standard input with `-`')
            [CompletionResult]::new('--repository', '--repository', [CompletionResultType]::ParameterName, 'The central repository, by its address: no clone of it is needed with --submit')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--recover', '--recover', [CompletionResultType]::ParameterName, 'Take up the answers of the last run again, which failed or was interrupted')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Run the template on the Backstage of `backstage.url`, in place of here')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Replace files that are there')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;new-service' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings')
            [CompletionResult]::new('--answers', '--answers', [CompletionResultType]::ParameterName, 'Read answers from a YAML or JSON file, or from standard input with `-`')
            [CompletionResult]::new('--repository', '--repository', [CompletionResultType]::ParameterName, 'The central repository, by its address: no clone of it is needed with --submit')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--recover', '--recover', [CompletionResultType]::ParameterName, 'Take up the answers of the last run again, which failed or was interrupted')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Run the template on the Backstage of `backstage.url`, in place of here')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Replace files that are there')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;new-namespace' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings')
            [CompletionResult]::new('--answers', '--answers', [CompletionResultType]::ParameterName, 'Read answers from a YAML or JSON file, or from standard input with `-`')
            [CompletionResult]::new('--repository', '--repository', [CompletionResultType]::ParameterName, 'The central repository, by its address: no clone of it is needed with --submit')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--recover', '--recover', [CompletionResultType]::ParameterName, 'Take up the answers of the last run again, which failed or was interrupted')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Run the template on the Backstage of `backstage.url`, in place of here')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Replace files that are there')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;new-dns' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Answer a parameter; may be given many times. `a.b=c` reaches into mappings')
            [CompletionResult]::new('--answers', '--answers', [CompletionResultType]::ParameterName, 'Read answers from a YAML or JSON file, or from standard input with `-`')
            [CompletionResult]::new('--repository', '--repository', [CompletionResultType]::ParameterName, 'The central repository, by its address: no clone of it is needed with --submit')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--recover', '--recover', [CompletionResultType]::ParameterName, 'Take up the answers of the last run again, which failed or was interrupted')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Run the template on the Backstage of `backstage.url`, in place of here')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Replace files that are there')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;edit' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Give a field a value, as in `spec.owner=group:shop`; may be given many times. Values are YAML scalars, or JSON for lists and mappings; quote with `"` what shall be text')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove a field, as in `metadata.title`; may be given many times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;add-member' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'End the membership instead')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;retire' {
            [CompletionResult]::new('--replace-with', '--replace-with', [CompletionResultType]::ParameterName, 'Let others name this entity in their place')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Agree that Kubernetes objects are destroyed: the name of the entity; may be given many times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--cascade', '--cascade', [CompletionResultType]::ParameterName, 'Retire with them what is part of them, and the Resources that depend on them')
            [CompletionResult]::new('--unlink', '--unlink', [CompletionResultType]::ParameterName, 'Take out the references of others that can do without')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;rename' {
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Agree that Kubernetes objects are destroyed: the name of the entity; may be given many times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;move' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The file or folder that it goes to; a file that is there gets one more document')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'The namespace that it goes to; references follow')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The System that it is part of from now on')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'The Domain that it is part of from now on')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Agree that Kubernetes objects are destroyed: the name of the entity; may be given many times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would be written')
            [CompletionResult]::new('--submit', '--submit', [CompletionResultType]::ParameterName, 'Write nothing here: open the pull request at once')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;templates' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'What `platform new` can make')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'What a template asks for, and what becomes of its steps here')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'What is likely wrong in templates')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the tests of templates: `tests/CASE/answers.yaml` must make `tests/CASE/expected/`')
            break
        }
        'platform;templates;list' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;templates;show' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;templates;lint' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the findings')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the findings')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;templates;test' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--update', '--update', [CompletionResultType]::ParameterName, 'Make what differs the expected')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;list' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Only entities of this kind')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Only entities of this `spec.type`')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'Only what this group or user owns')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'Only what is part of this system')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;show' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;types' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'The types that Resources can have, and where they come from')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'What a type is for and which parameters it takes')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check the definitions of types')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the tests of types: `tests/CASE/entity.yaml` must become `tests/CASE/expected.yaml`')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a new type: its definition, what the cluster needs for it, and a first test')
            [CompletionResult]::new('pull-crds', 'pull-crds', [CompletionResultType]::ParameterValue, 'Copy definitions of kinds (CRDs) from a cluster to `crds/`, to check objects without it')
            break
        }
        'platform;types;list' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;types;show' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;types;lint' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the findings')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the findings')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;types;test' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--update', '--update', [CompletionResultType]::ParameterName, 'Make what differs the expected')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;types;new' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What its Resources become')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the files and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the files and write nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;types;pull-crds' {
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the kubeconfig; the current one by default')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every definition of the cluster')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would change and write nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would change and write nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;validate' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the findings')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the findings')
            [CompletionResult]::new('--changed', '--changed', [CompletionResultType]::ParameterName, 'Report on what changed since BASE and on what that breaks elsewhere, uncommitted changes included; without BASE, since the branch that requests go to')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The path that the text on standard input counts as')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Carry out the repairs that are safe; every other byte stays')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'With --fix: show the difference and write nothing')
            [CompletionResult]::new('--waivers', '--waivers', [CompletionResultType]::ParameterName, 'List the comments that allow findings: until when, why, and whether they are needed')
            [CompletionResult]::new('--policies-test', '--policies-test', [CompletionResultType]::ParameterName, 'Run the good and the bad example of each policy in `policies/`, and look at nothing else')
            [CompletionResult]::new('--hook', '--hook', [CompletionResultType]::ParameterName, 'For commit hooks: report on PATH... and on what the commit breaks elsewhere. Paths that are gone and files that Git does not track are passed over')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;explain' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;render' {
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the kubeconfig that --server-dry-run asks; the current one by default')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Only what goes to this cluster')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write the objects to `rendered/`, a file for each entity, and remove those of entities that are gone')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what --write would do')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what --write would do')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Fail (exit code 3) when `rendered/` is not what the entities become')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print manifests only, and none at all when one entity cannot be rendered: for Argo CD (`platform help argocd-plugin`)')
            [CompletionResult]::new('--server-dry-run', '--server-dry-run', [CompletionResultType]::ParameterName, 'Ask an API server whether it would take the objects, without storing them (server-side apply with `dryRun`), and show what it would refuse at the lines of the entities')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;diff' {
            [CompletionResult]::new('--head', '--head', [CompletionResultType]::ParameterName, 'Compare this commit with BASE, and not the files of the work tree')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Fail (exit code 1) when something is destroyed, or when a risk is high; an entity whose annotation `platform.internal/allow-destroy` names a day is let go until then')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster that --live asks, by its name in the catalog; the one of `render.cluster` by default')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Ask the cluster too: what applying the objects would change there, drift included. Nothing is stored')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;codeowners' {
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'The organisation whose teams are called like the groups; codeowners.org of platform.yaml, or that of the remote by default')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write the lines between the marks of CODEOWNERS; what stands around them stays')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what --write would change')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what --write would change')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Fail (exit code 3) when CODEOWNERS is not what the catalog says')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;submit' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Title of the commit and the pull request')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Title of the commit and the pull request')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--draft', '--draft', [CompletionResultType]::ParameterName, 'Open the pull request as a draft')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be sent')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;pr' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'A pull request and what it waits for')
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Merge a pull request of the built-in local forge; elsewhere people merge on the forge')
            break
        }
        'platform;pr;show' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;pr;merge' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;status' {
            [CompletionResult]::new('--snapshot', '--snapshot', [CompletionResultType]::ParameterName, 'Read the observed objects from a file, as `kubectl get -o yaml` writes it, instead of a cluster')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;config' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Every setting, its value, and where it comes from')
            break
        }
        'platform;config;show' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;completions' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'platform;version' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'platform;help' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in this folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: name every missing answer instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints and progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
