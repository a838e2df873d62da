local connectors = { status.connectorStatus }
