local connectors = status.connectors or {}
