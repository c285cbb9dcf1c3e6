// What a connector sees beside the kit: the C types of its entry, and the values that cross the ABI.
@_exported public import CPatchbay
@_exported public import ConnectorModel
