package org.portolan.admin;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.portolan.kernel.Shown;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code portolan completion bash}, and {@code zsh}: a script that knows every verb and its
 * options, so that a Tab costs no process. It knows no names of accounts or zones: to ask the
 * server would start a JVM at each Tab.
 */
final class ShellCompletion {
    /** Both shells have these forms of case, for and test in common. */
    private static final String VERBS =
            """

            # What may follow the verbs in $1; fails where there is no such verb.
            _portolan_verb() {
                verbs="" options=""
                case $1 in
            """;

    private static final String NO_VERB =
            """
                *) return 1 ;;
                esac
            }

            """;

    private static final String BASH_HEAD =
            """
            # Verbs and options of portolan, for bash. Now: source <(portolan completion bash)
            # For good: keep it as ~/.local/share/bash-completion/completions/portolan
            """;

    private static final String BASH_TAIL =
            """
            _portolan() {
                local half=${COMP_WORDS[COMP_CWORD]} path="" verbs options word previous="" longer i
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    case $previous in
                    %VALUED%) ;;
                    *)
                        if [ "$i" = 1 ] && [ "$word" = help ]; then continue; fi
                        longer=${path:+$path }$word
                        if _portolan_verb "$longer"; then path=$longer; fi
                        ;;
                    esac
                    previous=$word
                done
                COMPREPLY=()
                case $previous in
                %VALUED%) return ;;
                esac
                _portolan_verb "$path"
                case $half in -*) verbs=$options ;; esac
                COMPREPLY=($(compgen -W "$verbs" -- "$half"))
            }

            # Where it knows no word, bash offers files.
            complete -o default -F _portolan portolan ./portolan
            """;

    private static final String ZSH_HEAD =
            """
            #compdef portolan
            # Verbs and options of portolan, for zsh. Now: source <(portolan completion zsh)
            # For good: keep it as _portolan in a folder of $fpath, before compinit is called.
            """;

    /** Its words are counted from 1; {@code path} would be where it looks for programs. */
    private static final String ZSH_TAIL =
            """
            _portolan() {
                local so_far="" verbs options word previous="" longer i
                for ((i = 2; i < CURRENT; i++)); do
                    word=${words[i]}
                    case $previous in
                    %VALUED%) ;;
                    *)
                        if [ "$i" = 2 ] && [ "$word" = help ]; then continue; fi
                        longer=${so_far:+$so_far }$word
                        if _portolan_verb "$longer"; then so_far=$longer; fi
                        ;;
                    esac
                    previous=$word
                done
                case $previous in
                %VALUED%) _files; return ;;
                esac
                _portolan_verb "$so_far"
                case $PREFIX in -*) verbs=$options ;; esac
                if [ -n "$verbs" ]; then compadd -- ${=verbs}; else _files; fi
            }

            if [ "${funcstack[1]-}" = _portolan ]; then
                _portolan "$@"
            else
                (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
                compdef _portolan portolan ./portolan
            fi
            """;

    private ShellCompletion() {}

    /** How {@code completion} is written, and its help. */
    static CommandSpec page() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("completion")
                        .addPositional(
                                PositionalParamSpec.builder()
                                        .index("0")
                                        .arity("1")
                                        .paramLabel("SHELL")
                                        .type(String.class)
                                        .description("bash or zsh")
                                        .build());
        spec.usageMessage()
                .header("Prints what lets Tab complete verbs and options.")
                .description("Needs no server, neither now nor at a Tab.")
                .footer("  portolan completion bash > portolan-completion.bash");
        return spec;
    }

    /**
     * The script for a shell.
     *
     * @throws Refusal for another shell than bash and zsh
     */
    static String script(CommandLine root, String shell) throws Refusal {
        StringBuilder verbs = new StringBuilder(VERBS);
        Set<String> valued = new LinkedHashSet<>();
        write(root, "", verbs, valued);
        verbs.append(NO_VERB);
        String options = String.join(" | ", valued);
        return switch (shell) {
            case "bash" -> BASH_HEAD + verbs + BASH_TAIL.replace("%VALUED%", options);
            case "zsh" -> ZSH_HEAD + verbs + ZSH_TAIL.replace("%VALUED%", options);
            default ->
                    throw Refusal.usage(
                            "there is a completion for bash and for zsh, not for \"%s\""
                                    .formatted(Shown.of(shell)));
        };
    }

    private static void write(
            CommandLine verb, String path, StringBuilder script, Set<String> valued) {
        String inner = String.join(" ", verb.getSubcommands().keySet());
        String options =
                verb.getCommandSpec().options().stream()
                        .map(OptionSpec::longestName)
                        .collect(Collectors.joining(" "));
        script.append("    '%s') verbs='%s' options='%s' ;;\n".formatted(path, inner, options));
        for (OptionSpec option : verb.getCommandSpec().options()) {
            if (option.arity().max() > 0) {
                valued.addAll(List.of(option.names()));
            }
        }
        for (Map.Entry<String, CommandLine> each : verb.getSubcommands().entrySet()) {
            String longer = path.isEmpty() ? each.getKey() : path + " " + each.getKey();
            write(each.getValue(), longer, script, valued);
        }
    }
}
