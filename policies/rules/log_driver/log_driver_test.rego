package rules.log_driver_test

import rego.v2

import data.rules.log_driver

test_deny_other_drivers if {
	every driver in ["none", "syslog", "fluentd", "gelf", "splunk", "awslogs", "Json-file", "json-file ", "evil/log:1"] {
		log_driver.deny == {{
			"field": "HostConfig.LogConfig.Type",
			"msg": $"the container's log would go to the driver {driver}",
			"fix": "leave --log-driver out; allowed: journald, json-file, local",
		}} with input as logging(driver, ["syslog-address"])
	}
}

test_deny_changing_the_default_drivers_address if {
	log_driver.deny == {{
		"field": "HostConfig.LogConfig.Config[\"syslog-address\"]",
		"msg": "the log option syslog-address would change the engine's default log driver",
		"fix": "leave --log-opt syslog-address out, or name the driver, e.g. --log-driver json-file",
	}} with input as logging("", ["max-size", "syslog-address"])
}

test_deny_never_quoting_a_value if {
	every driver in ["", "splunk"] {
		every finding in log_driver.deny { not contains($"{finding}", "secret") } with input as logging(driver, ["splunk-token"])
	}
}

test_allow_drivers_that_stay_on_the_host if {
	every driver in ["", "json-file", "local", "journald"] {
		log_driver.deny == set() with input as logging(driver, ["max-size", "max-file", "compress", "labels", "env", "tag", "mode"])
	}
}

test_allow_what_the_settings_allow if {
	log_driver.deny == set() with input as logging("syslog", ["syslog-address"]) with log_driver.params as {"allowed": ["syslog"]}
}

test_deny_what_the_settings_do_not_allow if {
	{finding.fix | some finding in log_driver.deny} == {"leave --log-driver out; allowed: syslog"} with input as logging("local", [])
		with log_driver.params as {"allowed": ["syslog"]}
}

test_deny_when_params_are_missing if {
	count(log_driver.deny) == 1 with input as logging("json-file", []) with log_driver.params as {}
}

test_allow_a_request_without_a_container if {
	log_driver.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

logging(driver, options) := {"operation": "ContainerCreate", "container": {"log": {
	"driver": {"value": driver, "field": "HostConfig.LogConfig.Type"},
	"options": [
	{"name": name, "value": "secret", "field": $"HostConfig.LogConfig.Config[\"{name}\"]"} |
		some name in options
	],
}}}
