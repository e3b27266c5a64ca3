# METADATA
# title: Namespace of another container joined
# description: >-
#   A container that joins another one's namespace can look into its processes, memory or network traffic. Only the kinds
#   that a param allows may be joined, of a container without powers over the host. Its host paths count for pid alone.
# related_resources:
#   - description: docker run, joining another container's PID namespace
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#pid
# schemas:
#   - input: schema.input
#   - data.rules.joined_namespaces.params:
#       type: object
#       additionalProperties: false
#       properties: {allowed: {type: array, items: {type: string, enum: [network, ipc, pid]},
#         description: kinds of namespaces of an ordinary container that may be joined}}
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.10", "5.16", "5.17"]
#   pss: ["baseline: Host Namespaces"]
#   remediation: >-
#     let containers meet on a network, e.g. docker network create app, and docker run --network app
package rules.joined_namespaces

import rego.v2

import data.lib.powers
import data.rules.joined_namespaces.params

deny contains {"field": namespace.field, "msg": msg} if {
	some kind, namespace in joined
	not kind in params.allowed
	msg := $"the container would not be isolated from another one ({namespace.field} is {namespace.value})"
}

deny contains {"field": namespace.field, "msg": msg} if {
	some kind, namespace in joined
	kind in params.allowed
	some problem in problems(kind, namespace.container)
	msg := $"the container would share the {kind} namespace of {namespace.container}, which {problem}"
}

joined := {kind: namespace | some kind, namespace in input.container.namespaces; namespace.mode == "container"}

problems(kind, name) := found(kind, name, fact) if {
	fact := input.facts.containers[name]
	fact.state == "found"
}

else := {"does not exist"} if input.facts.containers[name].state == "missing"

else := {"is not known"}

found(kind, name, fact) := union({
	powers.others(fact),
	{power | some power in powers.inside(fact); kind == "pid"},
	{"shares that of yet another" | kind in fact.joined_namespaces},
	{"has no more than a name, which can be given to another" | input.starting; fact.id != name},
})
