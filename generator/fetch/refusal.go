package fetch

// Rules of this package's findings.
const (
	ruleRefused  = "location-refused"
	rulePin      = "location-unpinned"
	ruleFailed   = "fetch-failed"
	ruleChecksum = "fetch-checksum"
	ruleTooLarge = "fetch-too-large"
	ruleArchive  = "fetch-archive"
	ruleMissing  = "vendor-missing"
	ruleChanged  = "vendor-changed"
	ruleOutdated = "vendor-outdated"
	ruleUnused   = "vendor-unused"
	ruleUnlocked = "vendor-unlocked"
	ruleLock     = "vendor-lock"
)

const (
	hintURL    = "use https://HOST/FILE with checksum, or git::https://HOST/REPOSITORY.git with commit"
	hintGit    = "use git::https://HOST/REPOSITORY.git with commit"
	hintAWS    = "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for passing ones, AWS_SESSION_TOKEN in the environment, as `aws configure export-credentials --format env` prints them"
	hintVendor = "run cutover vendor"
)

// refusal says why an address is not fetched, and what to use in its place.
type refusal struct{ reason, hint string }

// refusals are looked up by transport, then by its forced prefix, then by its scheme.
func refusals() map[string]refusal {
	plain := refusal{"http is refused: anybody on the way can read and change it", hintURL}
	ssh := refusal{"ssh is refused: it would use the keys of whoever runs the command", hintGit}
	return map[string]refusal{
		"":          {"the location is no URL with a scheme, and addresses are not guessed", "write the whole URL, such as git::https://github.com/OWNER/NAME.git with commit; a local file goes under path"},
		"http":      plain,
		"git::http": plain,
		"s3::http":  plain,
		"file":      {"local files are not fetched", "give the file as path, within the Migration's folder"},
		"hg":        {"Mercurial is not supported", "export the files once and keep them beside the Migration, or use an https archive with checksum"},
		"gcs":       {"Google Cloud Storage is not supported", "use an https URL that gsutil signurl made, with checksum"},
		"gs":        {"Google Cloud Storage is not supported", "use an https URL that gsutil signurl made, with checksum"},
		"s3":        {"an s3 location is written with the address of its object", "use s3::https://BUCKET.s3.REGION.amazonaws.com/KEY with allowS3: true and checksum"},
		"ssh":       ssh,
		"git":       {"Git is fetched over https alone", hintGit},
		"oci":       {"OCI registries are not supported", "pull the chart once (helm pull) and give its path, or use the https URL of its .tgz"},
		"smb":       {"file shares are not supported", hintURL},
	}
}

func refusalOf(keys ...string) refusal {
	table := refusals()
	known := ""
	for _, key := range keys {
		if found, ok := table[key]; ok && (key != "" || known == "") {
			return found
		}
		known += key
	}
	return refusal{"this kind of URL is not supported", hintURL}
}

// queryRefusal tells whether a query parameter is refused: those that go-getter would
// take for itself, all on Git, and on s3 all but the object's version.
func queryRefusal(way transport, key string) (refusal, bool) {
	switch {
	case key == "checksum":
		return refusal{"the checksum stands in the URL", "move it into the field checksum"}, true
	case key == "ref":
		return refusal{"the URL asks for a ref", "remove ?ref= and give the field commit"}, way == overGit
	case key == "archive":
		return refusal{"the URL's archive parameter is reserved", "remove it: .tar.gz, .tgz and .zip are unpacked by their name"}, true
	case way == overGit:
		return refusal{"a git URL takes no parameters", "remove what follows the question mark"}, true
	case way == overS3 && key != "versionId":
		return refusal{"an s3 URL takes no parameter but versionId", hintAWS}, true
	}
	return refusal{}, false
}
