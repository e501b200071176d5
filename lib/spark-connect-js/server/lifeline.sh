#!/bin/sh
# Runs a command that must not outlive its parent: lifeline.sh FOLDER COMMAND ARGUMENT…
#
# Standard input is the lifeline. A process cannot clean up after its own `kill -9`, but the kernel closes its end of
# the pipe, and that is all this script waits for. Words on the pipe: `term` asks the command to end, `kill` ends it;
# the end of the pipe means `kill`. FOLDER is removed when the command is gone, whatever ended it.
folder=$1
shift
exec 3<&0

"$@" </dev/null 3<&- &
command=$!
echo "$command" >"$folder/jvm.pid"

{
  while read -r word <&3; do
    case $word in
      term) kill -TERM "$command" ;;
      kill) break ;;
    esac
  done
  kill -KILL "$command"
} 2>/dev/null &
watch=$!

trap 'kill -KILL "$command" 2>/dev/null' HUP INT TERM
wait "$command"
code=$?
# A signal to this shell ends `wait` early: the command has to be waited for again.
while kill -0 "$command" 2>/dev/null; do
  wait "$command"
  code=$?
done
kill "$watch" 2>/dev/null
rm -rf "$folder"
exit "$code"
