package rules.data_export_test

import rego.v2

import data.rules.data_export

test_deny_every_export if {
	every operation, what in {
		"ContainerExport": "all files of the container web",
		"ContainerArchive": "files of the container web",
		"ImageGet": "all files of the image web",
		"ImageGetAll": "all files of images",
	} {
		data_export.deny == {{
			"field": "path",
			"msg": $"{what} would be handed out",
		}} with input as {"operation": operation, "object": "web"}
	}
}

test_deny_an_operation_without_words if {
	count(data_export.deny) == 1 with input as {"operation": "ImageSave", "object": "web"}
}
