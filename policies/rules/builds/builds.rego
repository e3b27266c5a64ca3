# METADATA
# title: Image built on this host
# description: >-
#   A build runs what its Dockerfile says, from any image and with a network, and nothing of that is shown to Bulwark.
#   Where the settings allow builds all the same, parameters that reach for the host stay denied as far as they show.
# related_resources:
#   - description: docker build
#     ref: https://docs.docker.com/reference/cli/docker/buildx/build/
# schemas:
#   - input: schema.input
#   - data.rules.builds.params: {type: object, additionalProperties: false, properties: {
#       allowed: {type: boolean, description: true to let clients build images}}}
# custom:
#   severity: critical
#   operations: [ImageBuild, Session, GRPC]
#   profile: baseline
#   cis: ["4.2", "5.10", "5.25"]
#   remediation: build on another machine, push to a trusted registry, and pull the image from there
package rules.builds

import rego.v2

import data.lib.trusted
import data.rules.builds.params

deny contains {"field": "path", "msg": "an image would be built, which runs commands that are not shown"} if not params.allowed

deny contains {"field": hint.field, "msg": $"the build would {hint.effect}", "fix": "leave out this parameter"} if some hint in hints

hints contains {"field": build.remote.field, "effect": "fetch its files from another server"} if {
	not build.remote.value in {"", "client-session", "upload-request"}
}

hints contains {"field": build.network.field, "effect": $"join the network {build.network.value}"} if {
	split(build.network.value, ":")[0] in {"host", "container"}
}

hints contains {"field": build.cgroup_parent.field, "effect": $"run in the cgroup {build.cgroup_parent.value}"} if {
	build.cgroup_parent.value != ""
}

hints contains {"field": host.field, "effect": $"have {host.value} in its /etc/hosts"} if some host in build.extra_hosts

hints contains {"field": option.field, "effect": $"run with --security-opt {option.value}"} if some option in build.security_options

hints contains {"field": build.outputs.field, "effect": "be stored under a name that is not shown"} if {
	not build.outputs.value in {"", `[{"Type":"local","Attrs":{}}]`, `[{"Type":"tar","Attrs":{}}]`}
}

hints contains {"field": cache.field, "effect": $"take layers from {cache.value}, which is not trusted"} if {
	some cache in build.cache_from
	not cache.field in trusted_caches
}

hints contains {"field": "buildargs", "effect": "be run by the image in BUILDKIT_SYNTAX"} if "BUILDKIT_SYNTAX" in build.argument_names

trusted_caches := {image.field | some image in input.images; image.use == "cache"; trusted.image(image)}

build := input.build
