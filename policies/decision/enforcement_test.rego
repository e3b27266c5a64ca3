package decision_test

import rego.v2

import data.decision

test_an_exception_that_matches_is_named if {
	every match in [
		{"users": ["ann", "bob"]},
		{"operations": ["ContainerCreate"]},
		{"names": ["db"]},
		{"labels": {"team": "data"}},
		{"images": ["docker.io/library/postgres"]},
		{"images": ["docker.io/library"]},
		{"images": ["quay.io", "docker.io"]},
		{"users": ["ann"], "images": ["docker.io"], "labels": {"team": "data"}},
	] {
		excepted(match) == {"e"} with input as create
	}
}

test_an_exception_that_does_not_match_is_not if {
	every match in [
		{"users": ["bob"]},
		{"users": ["an"]},
		{"operations": ["ContainerStart"]},
		{"names": ["d", "db2", "/db"]},
		{"labels": {"team": "data", "tier": "one"}},
		{"labels": {"team": "other"}},
		{"images": ["docker.io/library/post"]},
		{"images": ["quay.io"]},
		{"users": ["ann"], "images": ["quay.io"]},
		{"unheard-of": ["ann"]},
	] {
		excepted(match) == set() with input as create
	}
}

test_every_image_must_be_covered if {
	excepted({"images": ["docker.io/library/postgres"]}) == set() with input as object.union(
		create,
		{"images": [postgres, {"value": "busybox", "valid": true, "id": false, "name": "docker.io/library/busybox"}]},
	)
	excepted({"images": ["docker.io"]}) == set() with input as object.union(create, {"images": []})
	excepted({"images": ["docker.io"]}) == set() with input as object.union(create, {"images": [object.union(postgres, {"valid": false})]})
}

test_an_image_by_id_is_covered_by_where_it_came_from if {
	by_id := object.union(create, {
		"images": [{"value": "abc", "valid": true, "id": true, "name": "docker.io/library/abc"}],
		"facts": {"images": {"abc": {"origins": ["quay.io/x/y"]}}},
	})
	excepted({"images": ["quay.io/x"]}) == {"e"} with input as by_id
	excepted({"images": ["docker.io"]}) == set() with input as by_id
}

test_an_image_is_not_covered_under_a_name_that_it_was_not_pulled_by if {
	excepted({"images": ["docker.io/library"]}) == set() with input as create
		with input.facts.images.postgres as {"pulled": true, "origins": ["quay.io/x/y"]}
	every fact in [{"pulled": true, "origins": ["docker.io/library/postgres", "quay.io/x/y"]}, {"pulled": false, "origins": []}] {
		excepted({"images": ["docker.io/library"]}) == {"e"} with input as create with input.facts.images.postgres as fact
	}
}

test_nothing_is_excepted_without_a_name_or_labels if {
	bare := {"operation": "ContainerExec", "user": {"name": ""}, "container": null, "images": []}
	excepted({"names": [""]}) == set() with input as bare
	excepted({"labels": {"team": "data"}}) == set() with input as bare
	excepted({"users": ["ann"]}) == set() with input as bare
}

test_a_container_that_is_entered_is_known_by_what_the_engine_tells if {
	entered := {"object": "abc", "facts": {"containers": {"abc": {"name": "db", "labels": {"team": "data", "x": "y"}}}}}
	entering := object.union(entered, {"operation": "ContainerExec", "user": {"name": ""}, "container": null, "images": []})
	every match in [{"names": ["db"]}, {"labels": {"team": "data"}}, {"labels": {"team": "data", "x": "y"}}] {
		excepted(match) == {"e"} with input as entering
	}
	every match in [{"names": ["abc"]}, {"labels": {"team": "shop"}}, {"labels": {"team": "data", "z": "y"}}] {
		excepted(match) == set() with input as entering
	}
	excepted({"names": ["db"]}) == set() with input as object.union(entered, {"container": {"name": {"value": "web"}, "labels": {}}})
}

test_all_exceptions_that_match_are_named if {
	decision.findings == {object.union(finding("deny"), {"exceptions": {"a", "c"}})} with input as create
		with data.settings as {
			"claims": {"*": ["example"]},
			"enforcement": {},
			"exceptions": {"example": [
				{"name": "a", "match": {"users": ["ann"]}},
				{"name": "b", "match": {"users": ["bob"]}},
				{"name": "c", "match": {"names": ["db"]}},
			]},
		}
		with data.rules.example as example
}

excepted(match) := names if {
	names := decision.exceptions("example") with data.settings as {"exceptions": {"example": [{"name": "e", "match": match}]}}
}

create := {
	"operation": "ContainerCreate",
	"user": {"name": "ann"},
	"container": {"name": {"value": "/db"}, "labels": {"team": "data", "x": "y"}},
	"images": [postgres],
}

postgres := {"value": "postgres", "valid": true, "id": false, "name": "docker.io/library/postgres"}
