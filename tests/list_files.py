"""Small lists in the formats of their publishers. All names are invented; nothing is copied from a real list."""

import json
from typing import Any

SDN = (
    '101,"MARLOWE QUILL TRADING LTD",-0- ,"SDNTK] [NORTHSEA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"Tax ID No. 44-5566 (Panama) issued 02 Mar 2011 expires 02 Mar 2021; Linked To: VANTERPOOL, Ostric; '
    'Website www.marlowe-quill.example; Chartered in three ports."\r\n'
    '102,"VANTERPOOL, Ostric","individual","SDNTK","Harbour master",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB 06 Apr 1967; alt. DOB circa 1966; POB Willemstad, Curacao; nationality Netherlands; Gender Male; '
    "Passport QX 90210 (Netherlands); a.k.a. 'THE TIDE'; Linked To: MARLOWE QUILL TRADING LTD.\"\r\n"
    '103,"GREY PELICAN","vessel","NORTHSEA",-0- ,"ZZ9Q","Tanker","9,100","8,000","Korea, North","Nobody Shipping",'
    '"Vessel Registration Identification IMO 7654321."\r\n'
    "\x1a"
)
ALT = (
    '101,1,"aka","MARLOWE AND QUILL",-0- \r\n102,2,"fka","VANDERPOEL, Osric",-0- \r\n999,3,"aka","NOBODY",-0- \r\n\x1a'
)
ADD = (
    '101,1,"1 Quay Street","Colon","Panama",-0- \r\n102,2,-0- ,-0- ,"Curaçao",-0- \r\n'
    '103,3,-0- ,-0- ,"Region: Nowhere",-0- \r\n\x1a'
)
LEGACY = {"sdn.csv": SDN, "alt.csv": ALT, "add.csv": ADD}

SDN_XML = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://lists.example/XML">
  <publshInformation><Publish_Date>03/31/2026</Publish_Date><Record_Count>2</Record_Count></publshInformation>
  <sdnEntry><uid>101</uid><lastName>MARLOWE QUILL TRADING LTD</lastName><sdnType>Entity</sdnType>
    <programList><program>SDNTK</program><program>NORTHSEA</program></programList>
    <idList><id><uid>1</uid><idType>Tax ID No.</idType><idNumber>44-5566</idNumber><idCountry>Panama</idCountry>
      <issueDate>02 Mar 2011</issueDate><expirationDate>02 Mar 2021</expirationDate></id></idList>
    <akaList><aka><uid>2</uid><type>a.k.a.</type><category>strong</category><lastName>MARLOWE AND QUILL</lastName>
      </aka>
      <aka><uid>3</uid><type>a.k.a.</type><category>weak</category><lastName>M&amp;Q</lastName></aka></akaList>
    <addressList><address><uid>4</uid><address1>1 Quay Street</address1><city>Colon</city><country>Panama</country>
      </address></addressList></sdnEntry>
  <sdnEntry><uid>102</uid><firstName>Ostric</firstName><lastName>VANTERPOOL</lastName><title>Harbour master</title>
    <sdnType>Individual</sdnType><programList><program>SDNTK</program></programList>
    <nationalityList><nationality><uid>5</uid><country>Netherlands</country></nationality></nationalityList>
    <dateOfBirthList><dateOfBirthItem><uid>6</uid><dateOfBirth>06 Apr 1967</dateOfBirth></dateOfBirthItem>
      </dateOfBirthList>
    <placeOfBirthList><placeOfBirthItem><placeOfBirth>Willemstad, Curacao</placeOfBirth></placeOfBirthItem>
      </placeOfBirthList></sdnEntry>
</sdnList>"""

ADVANCED_XML = """<?xml version="1.0"?>
<Sanctions xmlns="https://lists.example/ADVANCED_XML">
  <ReferenceValueSets>
    <AliasTypeValues><AliasType ID="1">Name</AliasType><AliasType ID="2">A.K.A.</AliasType></AliasTypeValues>
    <NamePartTypeValues><NamePartType ID="10">Last Name</NamePartType><NamePartType ID="11">First Name</NamePartType>
      <NamePartType ID="12">Entity Name</NamePartType></NamePartTypeValues>
    <PartySubTypeValues><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
      <PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
    <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType></PartyTypeValues>
    <FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="25">Location</FeatureType>
      <FeatureType ID="10">Nationality Country</FeatureType></FeatureTypeValues>
    <LocPartTypeValues><LocPartType ID="51">ADDRESS1</LocPartType><LocPartType ID="54">CITY</LocPartType>
      </LocPartTypeValues>
    <CountryValues><Country ID="77">Panama</Country><Country ID="78">Netherlands</Country></CountryValues>
    <IDRegDocTypeValues><IDRegDocType ID="71">Passport</IDRegDocType></IDRegDocTypeValues>
    <RelationTypeValues><RelationType ID="9">Owned or Controlled By</RelationType></RelationTypeValues>
    <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="5">Block</SanctionsType>
      </SanctionsTypeValues>
  </ReferenceValueSets>
  <Locations><Location ID="500"><LocationCountry CountryID="77"/><LocationPart LocPartTypeID="51"><LocationPartValue>
    <Value>1 Quay Street</Value></LocationPartValue></LocationPart><LocationPart LocPartTypeID="54"><LocationPartValue>
    <Value>Colon</Value></LocationPartValue></LocationPart></Location>
    <Location ID="501"><LocationCountry CountryID="78"/></Location></Locations>
  <IDRegDocuments><IDRegDocument ID="1" IDRegDocTypeID="71" IdentityID="32" IssuedBy-CountryID="78">
    <IDRegistrationNo>QX 90210</IDRegistrationNo></IDRegDocument></IDRegDocuments>
  <DistinctParties>
    <DistinctParty FixedRef="101"><Profile ID="101" PartySubTypeID="3"><Identity ID="31" Primary="true">
      <Alias AliasTypeID="1" Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart>
        <NamePartValue NamePartGroupID="91">MARLOWE QUILL TRADING LTD</NamePartValue></DocumentedNamePart>
      </DocumentedName>
      </Alias>
      <Alias AliasTypeID="2" Primary="false" LowQuality="true"><DocumentedName><DocumentedNamePart>
        <NamePartValue NamePartGroupID="91">M&amp;Q</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
      <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="91" NamePartTypeID="12"/></MasterNamePartGroup>
      </NamePartGroups>
      </Identity><Feature ID="1" FeatureTypeID="25"><FeatureVersion><VersionLocation LocationID="500"/>
      </FeatureVersion>
      </Feature></Profile></DistinctParty>
    <DistinctParty FixedRef="102"><Profile ID="102" PartySubTypeID="4"><Identity ID="32" Primary="true">
      <Alias AliasTypeID="1" Primary="true" LowQuality="false">
        <DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="92">VANTERPOOL</NamePartValue>
      </DocumentedNamePart>
        <DocumentedNamePart><NamePartValue NamePartGroupID="93">Ostric</NamePartValue></DocumentedNamePart>
      </DocumentedName>
        <DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="92">ВАНТЕРПУЛ</NamePartValue>
      </DocumentedNamePart>
        <DocumentedNamePart><NamePartValue NamePartGroupID="93">Острик</NamePartValue></DocumentedNamePart>
      </DocumentedName>
      </Alias>
      <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="92" NamePartTypeID="10"/></MasterNamePartGroup>
        <MasterNamePartGroup><NamePartGroup ID="93" NamePartTypeID="11"/></MasterNamePartGroup></NamePartGroups>
      </Identity>
      <Feature ID="2" FeatureTypeID="8"><FeatureVersion><DatePeriod><Start><From><Year>1966</Year><Month>1</Month>
      <Day>1</Day>
        </From><To><Year>1966</Year><Month>1</Month><Day>1</Day></To></Start><End><From><Year>1966</Year>
      <Month>12</Month>
        <Day>31</Day></From><To><Year>1966</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod>
      </FeatureVersion>
      </Feature>
      <Feature ID="3" FeatureTypeID="10"><FeatureVersion><VersionLocation LocationID="501"/></FeatureVersion></Feature>
      </Profile></DistinctParty>
  </DistinctParties>
  <ProfileRelationships>
      <ProfileRelationship ID="1" From-ProfileID="101" To-ProfileID="102" RelationTypeID="9" Former="false"/>
  </ProfileRelationships>
  <SanctionsEntries>
    <SanctionsEntry ID="1" ProfileID="101" ListID="1"><EntryEvent ID="1"><Date><Year>2024</Year><Month>3</Month>
      <Day>5</Day>
      </Date></EntryEvent><SanctionsMeasure ID="1" SanctionsTypeID="5"/><SanctionsMeasure ID="2" SanctionsTypeID="1">
      <Comment>SDNTK</Comment></SanctionsMeasure></SanctionsEntry>
    <SanctionsEntry ID="2" ProfileID="102" ListID="1"><EntryEvent ID="2"><Date><Year>2023</Year><Month>10</Month>
      <Day>3</Day>
      </Date></EntryEvent><SanctionsMeasure ID="3" SanctionsTypeID="1"><Comment>NORTHSEA</Comment></SanctionsMeasure>
    </SanctionsEntry>
  </SanctionsEntries>
</Sanctions>"""

EU_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://lists.example/fsd/export" generationDate="2026-03-31T16:47:04.449+02:00" globalFileId="1">
  <sanctionEntity designationDetails="" unitedNationId="" euReferenceNumber="EU.9001.1" logicalId="9001">
    <remark>Port official until 2020</remark>
    <regulation regulationType="amendment" publicationDate="2022-05-02" entryIntoForceDate="2022-05-03" programme="NSE"
      logicalId="1"><publicationUrl>http://lists.example/1</publicationUrl></regulation>
    <regulation regulationType="regulation" publicationDate="2021-02-01" entryIntoForceDate="2021-02-02"
      programme="NSE"
      logicalId="2"/>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Ostric" middleName="" lastName="Vanterpool" wholeName="Ostric Vanterpool" function="Harbour
      master"
      gender="M" title="" nameLanguage="" strong="true" logicalId="3"/>
    <nameAlias wholeName="Острик Вантерпул" nameLanguage="RU" strong="true" logicalId="4"/>
    <nameAlias wholeName="The Tide" nameLanguage="" strong="false" logicalId="5"/>
    <citizenship countryIso2Code="NL" countryDescription="NETHERLANDS" logicalId="6"/>
    <birthdate circa="true" birthdate="" dayOfMonth="" monthOfYear="4" year="1967" city="Willemstad"
      countryIso2Code="CW"
      countryDescription="CURACAO" logicalId="7"/>
    <identification number="QX 90210" latinNumber="" identificationTypeCode="passport"
      identificationTypeDescription="National passport" countryIso2Code="NL" issuedBy="" issueDate="" logicalId="8"/>
    <address street="1 Quay Street" city="Colon" zipCode="" poBox="" region="" place="" countryIso2Code="00"
      countryDescription="PANAMA" logicalId="9"><contactInfo key="EMAIL" value="tide@harbour.example"/></address>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="EU.9002.1" logicalId="9002" designationDate="2020-01-15">
    <regulation programme="NSE" entryIntoForceDate="2021-02-02" logicalId="2"/>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Marlowe Quill Trading Ltd" strong="true" logicalId="10"/>
  </sanctionEntity>
</export>"""

UK_XML = """<?xml version="1.0" encoding="utf-8"?>
<Designations xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <DateGenerated>2026-03-31</DateGenerated>
  <Designation><LastUpdated>01/03/2026</LastUpdated><DateDesignated>05/03/2024</DateDesignated>
      <UniqueID>NSE0001</UniqueID>
    <OFSIGroupID>70001</OFSIGroupID><UNReferenceNumber/>
    <Names><Name><Name6>VANTERPOOL</Name6><Name1>Ostric</Name1><NameType>Primary Name</NameType></Name>
      <Name><Name1>Osric</Name1><Name6>VANDERPOEL</Name6><NameType>Alias</NameType>
        <AliasStrength>Good quality a.k.a</AliasStrength></Name>
      <Name><Name6>Tide</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
      </Names>
    <NonLatinNames><NonLatinName><NameNonLatinScript>Острик Вантерпул</NameNonLatinScript></NonLatinName>
      </NonLatinNames>
    <RegimeName>The North Sea (Sanctions) Regulations 2020</RegimeName>
    <IndividualEntityShip>Individual</IndividualEntityShip>
    <Addresses><Address><AddressLine1>1 Quay Street</AddressLine1><AddressLine6>Colon</AddressLine6>
      <AddressCountry>Panama</AddressCountry></Address></Addresses>
    <IndividualDetails><Individual><DOBs><DOB>dd/mm/1967</DOB></DOBs>
      <BirthDetails><Location><TownOfBirth>Willemstad</TownOfBirth><CountryOfBirth>Curacao</CountryOfBirth></Location>
      </BirthDetails><Nationalities><Nationality>Netherlands</Nationality></Nationalities>
      <Positions><Position>Harbour master</Position></Positions>
      <PassportDetails><Passport><PassportNumber>QX 90210</PassportNumber></Passport></PassportDetails></Individual>
    </IndividualDetails></Designation>
  <Designation><DateDesignated>05/03/2024</DateDesignated><UniqueID>NSE0002</UniqueID>
    <Names><Name><Name6>GREY PELICAN</Name6><NameType>Primary Name</NameType></Name></Names>
    <RegimeName>The North Sea (Sanctions) Regulations 2020</RegimeName>
      <IndividualEntityShip>Ship</IndividualEntityShip>
    <ShipDetails><Ship><IMONumbers><IMONumber>7654321</IMONumber></IMONumbers>
      <CurrentOwnerOperators><CurrentOwnerOperator>Nobody Shipping</CurrentOwnerOperator></CurrentOwnerOperators>
      <CurrentBelievedFlagOfShips>
      <CurrentBelievedFlagOfShip>Korea, Democratic People's Republic of</CurrentBelievedFlagOfShip>
      </CurrentBelievedFlagOfShips></Ship></ShipDetails></Designation>
</Designations>"""

OFSI_XML = """<?xml version="1.0" encoding="utf-8"?>
<ArrayOfFinancialSanctionsTarget xmlns="http://lists.example/ofsi">
  <FinancialSanctionsTarget><Name6>VANDERPOEL</Name6><name1>Osric</name1><AliasType>AKA</AliasType>
    <AliasQuality>Low quality</AliasQuality><GroupTypeDescription>Individual</GroupTypeDescription>
      <GroupID>70001</GroupID>
    <RegimeName>North Sea</RegimeName><DateListed>2024-03-05T00:00:00</DateListed></FinancialSanctionsTarget>
  <FinancialSanctionsTarget><Name6>VANTERPOOL</Name6><name1>Ostric</name1><AliasType>Primary name</AliasType>
    <GroupTypeDescription>Individual</GroupTypeDescription><GroupID>70001</GroupID><RegimeName>North Sea</RegimeName>
    <DateListed>2024-03-05T00:00:00</DateListed><Address1>1 Quay Street</Address1><Country>Panama</Country>
    <Individual_DateOfBirth>(1) 06/04/1967 (2) 00/00/1966</Individual_DateOfBirth>
    <Individual_Nationality>(1) Netherlands (2) Panama</Individual_Nationality></FinancialSanctionsTarget>
</ArrayOfFinancialSanctionsTarget>"""

UN_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<CONSOLIDATED_LIST dateGenerated="2026-03-31T00:00:09.554Z">
  <INDIVIDUALS><INDIVIDUAL><DATAID>8001</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>OSTRIC</FIRST_NAME>
    <SECOND_NAME>VANTERPOOL</SECOND_NAME><UN_LIST_TYPE>North Sea</UN_LIST_TYPE>
      <REFERENCE_NUMBER>NSi.001</REFERENCE_NUMBER>
    <LISTED_ON>2023-10-03</LISTED_ON><NAME_ORIGINAL_SCRIPT>Острик Вантерпул</NAME_ORIGINAL_SCRIPT><GENDER>Male</GENDER>
    <DESIGNATION><VALUE>Harbour master</VALUE></DESIGNATION><NATIONALITY><VALUE>Netherlands</VALUE></NATIONALITY>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Osric Vanderpoel</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Tide</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1966</FROM_YEAR><TO_YEAR>1967</TO_YEAR>
    </INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Willemstad</CITY><COUNTRY>Curaçao</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>QX 90210</NUMBER>
      <ISSUING_COUNTRY>Netherlands</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>
  <ENTITIES><ENTITY><DATAID>8002</DATAID><FIRST_NAME>MARLOWE QUILL TRADING LTD</FIRST_NAME>
    <UN_LIST_TYPE>North Sea</UN_LIST_TYPE><LISTED_ON>2023-10-03</LISTED_ON>
    <ENTITY_ADDRESS><STREET>1 Quay Street</STREET><CITY>Colon</CITY><COUNTRY>Panama</COUNTRY></ENTITY_ADDRESS>
    </ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""

TARGETS_CSV = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,dataset,"
    "first_seen,last_seen,last_change\n"
    'NK-1,Person,Ostric Vanterpool,"Osric Vanderpoel;Острик Вантерпул",1967-04,nl;pa,"1 Quay Street, Colon",QX 90210,'
    '"North Sea, block",,tide@harbour.example,"NSE-1;NSE-2",north_sea,2023-10-03,2026-03-31,2026-03-31\n'
    "NK-2,Company,Marlowe Quill Trading Ltd,,,suhh,,,,,,,north_sea,2024-01-01,2026-03-31,2026-03-31\n"
)

_FTM: tuple[dict[str, Any], ...] = (
    {
        "id": "NK-1", "schema": "Person", "caption": "Ostric Vanterpool", "first_seen": "2023-09-01", "target": True,
        "properties": {
            "name": ["Ostric Vanterpool"], "alias": ["Osric Vanderpoel"], "weakAlias": ["Tide"],
            "topics": ["role.pep", "sanction"], "birthDate": ["1967-04"], "nationality": ["nl"],
            "passportNumber": ["QX 90210"], "addressEntity": ["addr-1"], "position": ["Harbour master"],
        },
    },
    {
        "id": "addr-1", "schema": "Address", "caption": "1 Quay Street, Colon",
        "properties": {"full": ["1 Quay Street, Colon"], "country": ["pa"]},
    },
    {
        "id": "NK-2", "schema": "Company", "caption": "Marlowe Quill Trading Ltd",
        "properties": {"name": ["Marlowe Quill Trading Ltd"], "jurisdiction": ["pa"]},
    },
    {
        "id": "NK-3", "schema": "Person", "caption": "Lysbet Vanterpool",
        "properties": {"name": ["Lysbet Vanterpool"], "topics": ["role.rca"]},
    },
    {
        "id": "s-1", "schema": "Sanction",
        "properties": {
            "entity": ["NK-1"], "programId": ["NSE-1"], "startDate": ["2023-10-03"], "endDate": ["2025-01-01"],
        },
    },
    {
        "id": "o-1", "schema": "Ownership",
        "properties": {"owner": ["NK-1"], "asset": ["NK-2"], "percentage": ["60"], "startDate": ["2019-01-01"]},
    },
    {
        "id": "f-1", "schema": "Family",
        "properties": {"person": ["NK-1"], "relative": ["NK-3"], "relationship": ["spouse"]},
    },
    {
        "id": "p-1", "schema": "Position", "caption": "Harbour master of Colon",
        "properties": {"name": ["Harbour master"]},
    },
    {
        "id": "oc-1", "schema": "Occupancy",
        "properties": {
            "holder": ["NK-1"], "post": ["p-1"], "status": ["ended"], "startDate": ["2010"], "endDate": ["2020-06"],
        },
    },
)  # fmt: skip
FTM_JSON = "\n".join(json.dumps(entity) for entity in _FTM)
